// The graph level: ONNX ops as they are, symbolic sizes, weights by reference, a subgraph in an If.
!image = tensor<?x1x28x28xf32, #sym.dims<batch, 1, 28, 28>>
!maps = tensor<?x16x28x28xf32, #sym.dims<batch, 16, 28, 28>>
#kernel = #helio.weight<"conv.weight", file = "net.onnx">
module @net attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%image: !image, %flag: tensor<i1>) -> (!maps, tensor<?xi64>) attributes {helio.inputs = ["image", "flag"], helio.outputs = ["maps", "shape"]} {
    %conv.weight = "helio.weight"() {ref = #kernel} : () -> tensor<16x1x5x5xf32>
    %bias = "helio.weight"() {ref = #helio.weight<"conv.bias", file = "net.data", offset = 4096, bytes = 64>} : () -> tensor<16xf32>
    %slope = "helio.weight"() {ref = #helio.weight<"slope", data = "0000803F">} : () -> tensor<f32>
    %0 = "onnx.Conv"(%image, %conv.weight, %bias) {kernel_shape = array<i64: 5, 5>, pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 1, 1>} : (!image, tensor<16x1x5x5xf32>, tensor<16xf32>) -> !maps loc("/features/0/Conv")
    %none = "helio.none"() : () -> none
    %1 = "onnx.Clip"(%0, %none, %slope) : (!maps, none, tensor<f32>) -> !maps loc("/clip")
    %picked = "onnx.If"(%flag) ({
      %a = "onnx.Relu"(%1) : (!maps) -> !maps
      "onnx.yield"(%a) : (!maps) -> ()
    }, {
      %a = "onnx.LeakyRelu"(%1) {alpha = 1.0e-02} : (!maps) -> !maps
      "onnx.yield"(%a) : (!maps) -> ()
    }) {helio.subgraphs = ["then_branch", "else_branch"]} : (tensor<i1>) -> !maps loc("/pick")
    %fast = "com.microsoft.FastGelu"(%picked) : (!maps) -> !maps
    %2:2 = "onnx.Dropout"(%fast) : (!maps) -> (!maps, tensor<*xi1>)
    %shape = "onnx.Shape"(%2#0) {start = 0, helio.note = "for the test"} : (!maps) -> tensor<?xi64>
    func.return %2#0, %shape : !maps, tensor<?xi64>
  }
}

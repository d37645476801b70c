// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x20x7xf32, #sym.dims<batch, 20, 7>>) -> tensor<?x10x7xf32, #sym.dims<batch, 10, 7>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %y = "onnx.MatMul"(%w, %x) : (tensor<10x20xf32>, tensor<?x20x7xf32, #sym.dims<batch, 20, 7>>) -> tensor<?x10x7xf32, #sym.dims<batch, 10, 7>> loc("left")
    func.return %y : tensor<?x10x7xf32, #sym.dims<batch, 10, 7>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x20x7xf32, #sym.dims<batch, 20, 7>>) -> tensor<?x10x7xf32, #sym.dims<batch, 10, 7>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %y = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">, 7], k = [20], n = [10]>, lhs = #optical.map<"m0, k0, m1">, rhs = #optical.map<"n0, k0">, out = #optical.map<"m0, n0, m1">, combine = "store", macs = #sym.expr<"1400*batch">} : (tensor<?x20x7xf32, #sym.dims<batch, 20, 7>>, tensor<10x20xf32>) -> tensor<?x10x7xf32, #sym.dims<batch, 10, 7>> loc("left")
    func.return %y : tensor<?x10x7xf32, #sym.dims<batch, 10, 7>>
  }
}

// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>) -> tensor<?x8x12xf32, #sym.dims<batch, 8, 12>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<8x1x3xf32>
    %y = "onnx.Conv"(%x, %w) {dilations = array<i64: 2>, group = 4} : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<8x1x3xf32>) -> tensor<?x8x12xf32, #sym.dims<batch, 8, 12>> loc("depthwise")
    func.return %y : tensor<?x8x12xf32, #sym.dims<batch, 8, 12>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>) -> tensor<?x8x12xf32, #sym.dims<batch, 8, 12>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<8x1x3xf32>
    %y = "optical.gemm"(%x, %w) {space = #optical.space<b = [4], m = [#sym.expr<"batch">, 12], k = [1, 3], n = [2]>, lhs = #optical.map<"m0, b0 + k0, 2*k1 + m1">, rhs = #optical.map<"2*b0 + n0, k0, k1">, out = #optical.map<"m0, 2*b0 + n0, m1">, combine = "store", macs = #sym.expr<"288*batch">} : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<8x1x3xf32>) -> tensor<?x8x12xf32, #sym.dims<batch, 8, 12>> loc("depthwise")
    func.return %y : tensor<?x8x12xf32, #sym.dims<batch, 8, 12>>
  }
}

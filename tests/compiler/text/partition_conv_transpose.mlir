// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x2x4x4xf32>
    %y = "onnx.ConvTranspose"(%x, %w) {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>, tensor<4x2x4x4xf32>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> loc("up")
    func.return %y : tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x2x4x4xf32>
    %y = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">, 5, 5], k = [4], n = [2, 4, 4]>, lhs = #optical.map<"m0, k0, m1, m2">, rhs = #optical.map<"k0, n0, n1, n2">, out = #optical.map<"m0, n0, 2*m1 + n1 - 1, 2*m2 + n2 - 1">, combine = "add", macs = #sym.expr<"3200*batch">} : (tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>, tensor<4x2x4x4xf32>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> loc("up")
    func.return %y : tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>>
  }
}

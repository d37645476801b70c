// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x0: tensor<2x6xf32>, %x1: tensor<2x7xf32>, %x2: tensor<2x6x7xf32>) -> tensor<2xf32> attributes {helio.inputs = ["x0", "x1", "x2"], helio.outputs = ["y"]} {
    %y = "onnx.Einsum"(%x0, %x1, %x2) {equation = "ai,aj,aij->a"} : (tensor<2x6xf32>, tensor<2x7xf32>, tensor<2x6x7xf32>) -> tensor<2xf32> loc("einsum_y")
    func.return %y : tensor<2xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x0: tensor<2x6xf32>, %x1: tensor<2x7xf32>, %x2: tensor<2x6x7xf32>) -> tensor<2xf32> attributes {helio.inputs = ["x0", "x1", "x2"], helio.outputs = ["y"]} {
    %0 = "optical.gemm"(%x0, %x2) {space = #optical.space<b = [2], k = [6], n = [7]>, lhs = #optical.map<"b0, k0">, rhs = #optical.map<"b0, k0, n0">, out = #optical.map<"b0, n0">, combine = "store", macs = 84} : (tensor<2x6xf32>, tensor<2x6x7xf32>) -> tensor<2x7xf32> loc("einsum_y")
    %y = "optical.gemm"(%0, %x1) {space = #optical.space<b = [2], k = [7]>, lhs = #optical.map<"b0, k0">, rhs = #optical.map<"b0, k0">, out = #optical.map<"b0">, combine = "store", macs = 14} : (tensor<2x7xf32>, tensor<2x7xf32>) -> tensor<2xf32> loc("einsum_y")
    func.return %y : tensor<2xf32>
  }
}

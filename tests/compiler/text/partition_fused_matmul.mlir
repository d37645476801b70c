// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%a: tensor<8x2x3x5xf32>, %b: tensor<6x2x3x8xf32>) -> tensor<?x?x?x?xf32> attributes {helio.inputs = ["a", "b"], helio.outputs = ["y"]} {
    %y = "com.microsoft.FusedMatMul"(%a, %b) {alpha = 2.0, transA = 1, transB = 1, transBatchA = 1, transBatchB = 1} : (tensor<8x2x3x5xf32>, tensor<6x2x3x8xf32>) -> tensor<?x?x?x?xf32> loc("fusedmatmul_y")
    func.return %y : tensor<?x?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%a: tensor<8x2x3x5xf32>, %b: tensor<6x2x3x8xf32>) -> tensor<2x3x5x6xf32> attributes {helio.inputs = ["a", "b"], helio.outputs = ["y"]} {
    %0 = "optical.gemm"(%a, %b) {space = #optical.space<b = [2, 3], m = [5], k = [8], n = [6]>, lhs = #optical.map<"k0, b0, b1, m0">, rhs = #optical.map<"n0, b0, b1, k0">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = 1440} : (tensor<8x2x3x5xf32>, tensor<6x2x3x8xf32>) -> tensor<2x3x5x6xf32> loc("fusedmatmul_y")
    %y = "electronic.region"(%0) ({
    ^bb0(%1: tensor<2x3x5x6xf32>):
      %2 = "helio.weight"() {ref = #helio.weight<"fusedmatmul_y.f32.00000040", data = "00000040">} : () -> tensor<f32> loc("fusedmatmul_y")
      %y_1 = "onnx.Mul"(%1, %2) : (tensor<2x3x5x6xf32>, tensor<f32>) -> tensor<2x3x5x6xf32> loc("fusedmatmul_y")
      "electronic.yield"(%y_1) : (tensor<2x3x5x6xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Mul)", work = #electronic.work<elementwise = 180>} : (tensor<2x3x5x6xf32>) -> tensor<2x3x5x6xf32> loc("fusedmatmul_y")
    func.return %y : tensor<2x3x5x6xf32>
  }
}

// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<2x3x6x5xf32>, %z: tensor<2x4x6x5xf32>) -> tensor<?x?x?x?xf32> attributes {helio.inputs = ["x", "z"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x3x3x3xf32>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "3697413ed8d205bf117dd3be00411cc0">} : () -> tensor<4xf32>
    %y = "com.microsoft.FusedConv"(%x, %w, %c, %z) {activation = "Relu", pads = array<i64: 1, 1, 1, 1>} : (tensor<2x3x6x5xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>, tensor<2x4x6x5xf32>) -> tensor<?x?x?x?xf32> loc("fusedconv_y")
    func.return %y : tensor<?x?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<2x3x6x5xf32>, %z: tensor<2x4x6x5xf32>) -> tensor<2x4x6x5xf32> attributes {helio.inputs = ["x", "z"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x3x3x3xf32>
    %0 = "optical.gemm"(%x, %w) {space = #optical.space<m = [2, 6, 5], k = [3, 3, 3], n = [4]>, lhs = #optical.map<"m0, k0, k1 + m1 - 1, k2 + m2 - 1">, rhs = #optical.map<"n0, k0, k1, k2">, out = #optical.map<"m0, n0, m1, m2">, combine = "store", macs = 6480} : (tensor<2x3x6x5xf32>, tensor<4x3x3x3xf32>) -> tensor<2x4x6x5xf32> loc("fusedconv_y")
    %y = "electronic.region"(%0, %z) ({
    ^bb0(%1: tensor<2x4x6x5xf32>, %z_1: tensor<2x4x6x5xf32>):
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "3697413ed8d205bf117dd3be00411cc0">} : () -> tensor<4xf32>
      %2 = "helio.weight"() {ref = #helio.weight<"fusedconv_y.i64.000000000000000002000000000000000300000000000000", data = "000000000000000002000000000000000300000000000000">} : () -> tensor<3xi64> loc("fusedconv_y")
      %3 = "onnx.Unsqueeze"(%c, %2) : (tensor<4xf32>, tensor<3xi64>) -> tensor<1x4x1x1xf32> loc("fusedconv_y")
      %4 = "onnx.Add"(%1, %3) : (tensor<2x4x6x5xf32>, tensor<1x4x1x1xf32>) -> tensor<2x4x6x5xf32> loc("fusedconv_y")
      %5 = "onnx.Add"(%4, %z_1) : (tensor<2x4x6x5xf32>, tensor<2x4x6x5xf32>) -> tensor<2x4x6x5xf32> loc("fusedconv_y")
      %y_1 = "onnx.Relu"(%5) : (tensor<2x4x6x5xf32>) -> tensor<2x4x6x5xf32> loc("fusedconv_y")
      "electronic.yield"(%y_1) : (tensor<2x4x6x5xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Add); HG2001: nonlinear or elementwise (Relu); HG2002: moves or reshapes data (Unsqueeze)", work = #electronic.work<elementwise = 720>} : (tensor<2x4x6x5xf32>, tensor<2x4x6x5xf32>) -> tensor<2x4x6x5xf32> loc("fusedconv_y")
    func.return %y : tensor<2x4x6x5xf32>
  }
}

// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<5x12xf32>) -> tensor<?x?xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<7x12xf32>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "3697413ed8d205bf117dd3be00411cc0d05ce63f0774923fd29da6be">} : () -> tensor<7xf32>
    %y = "com.microsoft.FusedGemm"(%x, %w, %c) {activation = "LeakyRelu", activation_alpha = 0.10000000149011612, alpha = 0.5, beta = 2.0, transB = 1} : (tensor<5x12xf32>, tensor<7x12xf32>, tensor<7xf32>) -> tensor<?x?xf32> loc("fusedgemm_y")
    func.return %y : tensor<?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<5x12xf32>) -> tensor<5x7xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<7x12xf32>
    %0 = "optical.gemm"(%x, %w) {space = #optical.space<m = [5], k = [12], n = [7]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"n0, k0">, out = #optical.map<"m0, n0">, combine = "store", macs = 420} : (tensor<5x12xf32>, tensor<7x12xf32>) -> tensor<5x7xf32> loc("fusedgemm_y")
    %y = "electronic.region"(%0) ({
    ^bb0(%1: tensor<5x7xf32>):
      %2 = "helio.weight"() {ref = #helio.weight<"fusedgemm_y.f32.0000003f", data = "0000003f">} : () -> tensor<f32> loc("fusedgemm_y")
      %3 = "onnx.Mul"(%1, %2) : (tensor<5x7xf32>, tensor<f32>) -> tensor<5x7xf32> loc("fusedgemm_y")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "3697413ed8d205bf117dd3be00411cc0d05ce63f0774923fd29da6be">} : () -> tensor<7xf32>
      %4 = "helio.weight"() {ref = #helio.weight<"fusedgemm_y.f32.00000040", data = "00000040">} : () -> tensor<f32> loc("fusedgemm_y")
      %5 = "onnx.Mul"(%c, %4) : (tensor<7xf32>, tensor<f32>) -> tensor<7xf32> loc("fusedgemm_y")
      %6 = "onnx.Add"(%3, %5) : (tensor<5x7xf32>, tensor<7xf32>) -> tensor<5x7xf32> loc("fusedgemm_y")
      %y_1 = "onnx.LeakyRelu"(%6) {alpha = 0.10000000149011612} : (tensor<5x7xf32>) -> tensor<5x7xf32> loc("fusedgemm_y")
      "electronic.yield"(%y_1) : (tensor<5x7xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add); HG2001: nonlinear or elementwise (LeakyRelu)", work = #electronic.work<elementwise = 112>} : (tensor<5x7xf32>) -> tensor<5x7xf32> loc("fusedgemm_y")
    func.return %y : tensor<5x7xf32>
  }
}

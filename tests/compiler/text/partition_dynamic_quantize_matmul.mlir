// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<5x12xf32>) -> tensor<?x?xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
    %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7a33c">} : () -> tensor<f32>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "04">} : () -> tensor<i8>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
    %y = "com.microsoft.DynamicQuantizeMatMul"(%x, %w, %ws, %wz, %c) : (tensor<5x12xf32>, tensor<12x9xi8>, tensor<f32>, tensor<i8>, tensor<9xf32>) -> tensor<?x?xf32> loc("dynamicquantizematmul_y")
    func.return %y : tensor<?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<5x12xf32>) -> tensor<5x9xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0:3 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<5x12xf32>):
      %1:3 = "onnx.DynamicQuantizeLinear"(%x_1) : (tensor<5x12xf32>) -> (tensor<5x12xui8>, tensor<f32>, tensor<ui8>) loc("dynamicquantizematmul_y")
      %2 = "onnx.Cast"(%1#0) {to = 1} : (tensor<5x12xui8>) -> tensor<5x12xf32> loc("dynamicquantizematmul_y")
      %3 = "onnx.Cast"(%1#2) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("dynamicquantizematmul_y")
      %4 = "onnx.Sub"(%2, %3) : (tensor<5x12xf32>, tensor<f32>) -> tensor<5x12xf32> loc("dynamicquantizematmul_y")
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
      %5 = "onnx.Cast"(%w) {to = 1} : (tensor<12x9xi8>) -> tensor<12x9xf32> loc("dynamicquantizematmul_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "04">} : () -> tensor<i8>
      %6 = "onnx.Cast"(%wz) {to = 1} : (tensor<i8>) -> tensor<f32> loc("dynamicquantizematmul_y")
      %7 = "onnx.Sub"(%5, %6) : (tensor<12x9xf32>, tensor<f32>) -> tensor<12x9xf32> loc("dynamicquantizematmul_y")
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7a33c">} : () -> tensor<f32>
      %8 = "onnx.Mul"(%1#1, %ws) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("dynamicquantizematmul_y")
      "electronic.yield"(%4, %7, %8) : (tensor<5x12xf32>, tensor<12x9xf32>, tensor<f32>) -> ()
    }) {why = "HG2001: bias and scaling (DynamicQuantizeLinear, Cast, Sub, Mul)", work = #electronic.work<elementwise = 231, moved_bytes = 680>} : (tensor<5x12xf32>) -> (tensor<5x12xf32>, tensor<12x9xf32>, tensor<f32>) loc("dynamicquantizematmul_y")
    %9 = "optical.gemm"(%0#0, %0#1) {space = #optical.space<m = [5], k = [12], n = [9]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = 540} : (tensor<5x12xf32>, tensor<12x9xf32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
    %y = "electronic.region"(%9, %0#2) ({
    ^bb0(%10: tensor<5x9xf32>, %11: tensor<f32>):
      %12 = "onnx.Cast"(%10) {to = 6} : (tensor<5x9xf32>) -> tensor<5x9xi32> loc("dynamicquantizematmul_y")
      %13 = "onnx.Cast"(%12) {to = 1} : (tensor<5x9xi32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
      %14 = "onnx.Mul"(%13, %11) : (tensor<5x9xf32>, tensor<f32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
      %y_1 = "onnx.Add"(%14, %c) : (tensor<5x9xf32>, tensor<9xf32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
      "electronic.yield"(%y_1) : (tensor<5x9xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Cast, Mul, Add)", work = #electronic.work<elementwise = 90, moved_bytes = 360>} : (tensor<5x9xf32>, tensor<f32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
    func.return %y : tensor<5x9xf32>
  }
}

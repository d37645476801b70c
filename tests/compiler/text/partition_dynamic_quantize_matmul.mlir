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
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<12x9xi8>) -> tensor<12x9xf32> loc("dynamicquantizematmul_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "04">} : () -> tensor<i8>
      %2 = "onnx.Cast"(%wz) {to = 1} : (tensor<i8>) -> tensor<f32> loc("dynamicquantizematmul_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<12x9xf32>, tensor<f32>) -> tensor<12x9xf32> loc("dynamicquantizematmul_y")
      "electronic.yield"(%3) : (tensor<12x9xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 108, moved_bytes = 436>} : () -> tensor<12x9xf32> loc("dynamicquantizematmul_y")
    %4:2 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<5x12xf32>):
      %5:3 = "onnx.DynamicQuantizeLinear"(%x_1) : (tensor<5x12xf32>) -> (tensor<5x12xui8>, tensor<f32>, tensor<ui8>) loc("dynamicquantizematmul_y")
      %6 = "onnx.Cast"(%5#0) {to = 1} : (tensor<5x12xui8>) -> tensor<5x12xf32> loc("dynamicquantizematmul_y")
      %7 = "onnx.Cast"(%5#2) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("dynamicquantizematmul_y")
      %8 = "onnx.Sub"(%6, %7) : (tensor<5x12xf32>, tensor<f32>) -> tensor<5x12xf32> loc("dynamicquantizematmul_y")
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7a33c">} : () -> tensor<f32>
      %9 = "onnx.Mul"(%5#1, %ws) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("dynamicquantizematmul_y")
      "electronic.yield"(%8, %9) : (tensor<5x12xf32>, tensor<f32>) -> ()
    }) {why = "HG2001: bias and scaling (Sub, Mul); HG2001: nonlinear or elementwise (DynamicQuantizeLinear); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 123, moved_bytes = 244>} : (tensor<5x12xf32>) -> (tensor<5x12xf32>, tensor<f32>) loc("dynamicquantizematmul_y")
    %10 = "optical.gemm"(%4#0, %0) {space = #optical.space<m = [5], k = [12], n = [9]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = 540} : (tensor<5x12xf32>, tensor<12x9xf32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
    %y = "electronic.region"(%10, %4#1) ({
    ^bb0(%11: tensor<5x9xf32>, %12: tensor<f32>):
      %13 = "onnx.Cast"(%11) {to = 6} : (tensor<5x9xf32>) -> tensor<5x9xi32> loc("dynamicquantizematmul_y")
      %14 = "onnx.Cast"(%13) {to = 1} : (tensor<5x9xi32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
      %15 = "onnx.Mul"(%14, %12) : (tensor<5x9xf32>, tensor<f32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
      %y_1 = "onnx.Add"(%15, %c) : (tensor<5x9xf32>, tensor<9xf32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
      "electronic.yield"(%y_1) : (tensor<5x9xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 90, moved_bytes = 360>} : (tensor<5x9xf32>, tensor<f32>) -> tensor<5x9xf32> loc("dynamicquantizematmul_y")
    func.return %y : tensor<5x9xf32>
  }
}

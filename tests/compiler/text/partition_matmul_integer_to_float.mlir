// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<5x12xui8>) -> tensor<?x?xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
    %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
    %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c8fc2753c0ad7a33ccdcccc3c8fc2f53c295c0f3d0ad7233dec51383dcdcc4c3d">} : () -> tensor<9xf32>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "64">} : () -> tensor<ui8>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000102030405060708">} : () -> tensor<9xi8>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
    %y = "com.microsoft.MatMulIntegerToFloat"(%x, %w, %xs, %ws, %xz, %wz, %c) : (tensor<5x12xui8>, tensor<12x9xi8>, tensor<f32>, tensor<9xf32>, tensor<ui8>, tensor<9xi8>, tensor<9xf32>) -> tensor<?x?xf32> loc("matmulintegertofloat_y")
    func.return %y : tensor<?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<5x12xui8>) -> tensor<5x9xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<12x9xi8>) -> tensor<12x9xf32> loc("matmulintegertofloat_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000102030405060708">} : () -> tensor<9xi8>
      %2 = "onnx.Cast"(%wz) {to = 1} : (tensor<9xi8>) -> tensor<9xf32> loc("matmulintegertofloat_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<12x9xf32>, tensor<9xf32>) -> tensor<12x9xf32> loc("matmulintegertofloat_y")
      "electronic.yield"(%3) : (tensor<12x9xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 108, moved_bytes = 468>} : () -> tensor<12x9xf32> loc("matmulintegertofloat_y")
    %4 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<5x12xui8>):
      %5 = "onnx.Cast"(%x_1) {to = 1} : (tensor<5x12xui8>) -> tensor<5x12xf32> loc("matmulintegertofloat_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "64">} : () -> tensor<ui8>
      %6 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("matmulintegertofloat_y")
      %7 = "onnx.Sub"(%5, %6) : (tensor<5x12xf32>, tensor<f32>) -> tensor<5x12xf32> loc("matmulintegertofloat_y")
      "electronic.yield"(%7) : (tensor<5x12xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Sub); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 60, moved_bytes = 244>} : (tensor<5x12xui8>) -> tensor<5x12xf32> loc("matmulintegertofloat_y")
    %8 = "optical.gemm"(%4, %0) {space = #optical.space<m = [5], k = [12], n = [9]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = 540} : (tensor<5x12xf32>, tensor<12x9xf32>) -> tensor<5x9xf32> loc("matmulintegertofloat_y")
    %y = "electronic.region"(%8) ({
    ^bb0(%9: tensor<5x9xf32>):
      %10 = "onnx.Cast"(%9) {to = 6} : (tensor<5x9xf32>) -> tensor<5x9xi32> loc("matmulintegertofloat_y")
      %11 = "onnx.Cast"(%10) {to = 1} : (tensor<5x9xi32>) -> tensor<5x9xf32> loc("matmulintegertofloat_y")
      %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c8fc2753c0ad7a33ccdcccc3c8fc2f53c295c0f3d0ad7233dec51383dcdcc4c3d">} : () -> tensor<9xf32>
      %12 = "onnx.Mul"(%xs, %ws) : (tensor<f32>, tensor<9xf32>) -> tensor<9xf32> loc("matmulintegertofloat_y")
      %13 = "onnx.Mul"(%11, %12) : (tensor<5x9xf32>, tensor<9xf32>) -> tensor<5x9xf32> loc("matmulintegertofloat_y")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
      %y_1 = "onnx.Add"(%13, %c) : (tensor<5x9xf32>, tensor<9xf32>) -> tensor<5x9xf32> loc("matmulintegertofloat_y")
      "electronic.yield"(%y_1) : (tensor<5x9xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 99, moved_bytes = 360>} : (tensor<5x9xf32>) -> tensor<5x9xf32> loc("matmulintegertofloat_y")
    func.return %y : tensor<5x9xf32>
  }
}

// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<4x5x12xui8>) -> tensor<4x5x9xui8> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "07">} : () -> tensor<ui8>
    %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c8fc2753c0ad7a33ccdcccc3c8fc2f53c295c0f3d0ad7233dec51383dcdcc4c3d">} : () -> tensor<9xf32>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000102030405060708">} : () -> tensor<9xi8>
    %ys = "helio.weight"() {ref = #helio.weight<"ys", data = "52b89e3e">} : () -> tensor<f32>
    %yz = "helio.weight"() {ref = #helio.weight<"yz", data = "0b">} : () -> tensor<ui8>
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
    %y = "onnx.QLinearMatMul"(%x, %xs, %xz, %w, %ws, %wz, %ys, %yz) : (tensor<4x5x12xui8>, tensor<f32>, tensor<ui8>, tensor<12x9xi8>, tensor<9xf32>, tensor<9xi8>, tensor<f32>, tensor<ui8>) -> tensor<4x5x9xui8> loc("qlinearmatmul_y")
    func.return %y : tensor<4x5x9xui8>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<4x5x12xui8>) -> tensor<4x5x9xui8> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<12x9xi8>) -> tensor<12x9xf32> loc("qlinearmatmul_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000102030405060708">} : () -> tensor<9xi8>
      %2 = "onnx.Cast"(%wz) {to = 1} : (tensor<9xi8>) -> tensor<9xf32> loc("qlinearmatmul_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<12x9xf32>, tensor<9xf32>) -> tensor<12x9xf32> loc("qlinearmatmul_y")
      "electronic.yield"(%3) : (tensor<12x9xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 108, moved_bytes = 468>} : () -> tensor<12x9xf32> loc("qlinearmatmul_y")
    %4 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<4x5x12xui8>):
      %5 = "onnx.Cast"(%x_1) {to = 1} : (tensor<4x5x12xui8>) -> tensor<4x5x12xf32> loc("qlinearmatmul_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "07">} : () -> tensor<ui8>
      %6 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("qlinearmatmul_y")
      %7 = "onnx.Sub"(%5, %6) : (tensor<4x5x12xf32>, tensor<f32>) -> tensor<4x5x12xf32> loc("qlinearmatmul_y")
      "electronic.yield"(%7) : (tensor<4x5x12xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Sub); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 240, moved_bytes = 964>} : (tensor<4x5x12xui8>) -> tensor<4x5x12xf32> loc("qlinearmatmul_y")
    %8 = "optical.gemm"(%4, %0) {space = #optical.space<m = [4, 5], k = [12], n = [9]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = 2160} : (tensor<4x5x12xf32>, tensor<12x9xf32>) -> tensor<4x5x9xf32> loc("qlinearmatmul_y")
    %y = "electronic.region"(%8) ({
    ^bb0(%9: tensor<4x5x9xf32>):
      %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c8fc2753c0ad7a33ccdcccc3c8fc2f53c295c0f3d0ad7233dec51383dcdcc4c3d">} : () -> tensor<9xf32>
      %10 = "onnx.Mul"(%xs, %ws) : (tensor<f32>, tensor<9xf32>) -> tensor<9xf32> loc("qlinearmatmul_y")
      %ys = "helio.weight"() {ref = #helio.weight<"ys", data = "52b89e3e">} : () -> tensor<f32>
      %11 = "onnx.Div"(%10, %ys) : (tensor<9xf32>, tensor<f32>) -> tensor<9xf32> loc("qlinearmatmul_y")
      %12 = "onnx.Cast"(%9) {to = 6} : (tensor<4x5x9xf32>) -> tensor<4x5x9xi32> loc("qlinearmatmul_y")
      %13 = "onnx.Cast"(%12) {to = 1} : (tensor<4x5x9xi32>) -> tensor<4x5x9xf32> loc("qlinearmatmul_y")
      %14 = "onnx.Mul"(%13, %11) : (tensor<4x5x9xf32>, tensor<9xf32>) -> tensor<4x5x9xf32> loc("qlinearmatmul_y")
      %15 = "helio.weight"() {ref = #helio.weight<"qlinearmatmul_y.f32.0000803f", data = "0000803f">} : () -> tensor<f32> loc("qlinearmatmul_y")
      %yz = "helio.weight"() {ref = #helio.weight<"yz", data = "0b">} : () -> tensor<ui8>
      %y_1 = "onnx.QuantizeLinear"(%14, %15, %yz) : (tensor<4x5x9xf32>, tensor<f32>, tensor<ui8>) -> tensor<4x5x9xui8> loc("qlinearmatmul_y")
      "electronic.yield"(%y_1) : (tensor<4x5x9xui8>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Div); HG2001: nonlinear or elementwise (QuantizeLinear); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 378, moved_bytes = 1440>} : (tensor<4x5x9xf32>) -> tensor<4x5x9xui8> loc("qlinearmatmul_y")
    func.return %y : tensor<4x5x9xui8>
  }
}

// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<2x4x7x6xui8>) -> tensor<2x6x7x6xui8> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "64">} : () -> tensor<ui8>
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x4x3x3xi8>
    %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233cbc74933cf4fdd43c96430b3d31082c3dcdcc4c3d">} : () -> tensor<6xf32>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000000000000">} : () -> tensor<6xi8>
    %ys = "helio.weight"() {ref = #helio.weight<"ys", data = "3333333f">} : () -> tensor<f32>
    %yz = "helio.weight"() {ref = #helio.weight<"yz", data = "05">} : () -> tensor<ui8>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "5f020000c2590000cf6b00000f23000021570000d9020000">} : () -> tensor<6xi32>
    %y = "onnx.QLinearConv"(%x, %xs, %xz, %w, %ws, %wz, %ys, %yz, %c) {pads = array<i64: 1, 1, 1, 1>} : (tensor<2x4x7x6xui8>, tensor<f32>, tensor<ui8>, tensor<6x4x3x3xi8>, tensor<6xf32>, tensor<6xi8>, tensor<f32>, tensor<ui8>, tensor<6xi32>) -> tensor<2x6x7x6xui8> loc("qlinearconv_y")
    func.return %y : tensor<2x6x7x6xui8>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<2x4x7x6xui8>) -> tensor<2x6x7x6xui8> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x4x3x3xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<6x4x3x3xi8>) -> tensor<6x4x3x3xf32> loc("qlinearconv_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000000000000">} : () -> tensor<6xi8>
      %2 = "helio.weight"() {ref = #helio.weight<"qlinearconv_y.i64.0600000000000000010000000000000001000000000000000100000000000000", data = "0600000000000000010000000000000001000000000000000100000000000000">} : () -> tensor<4xi64> loc("qlinearconv_y")
      %3 = "onnx.Reshape"(%wz, %2) : (tensor<6xi8>, tensor<4xi64>) -> tensor<6x1x1x1xi8> loc("qlinearconv_y")
      %4 = "onnx.Cast"(%3) {to = 1} : (tensor<6x1x1x1xi8>) -> tensor<6x1x1x1xf32> loc("qlinearconv_y")
      %5 = "onnx.Sub"(%1, %4) : (tensor<6x4x3x3xf32>, tensor<6x1x1x1xf32>) -> tensor<6x4x3x3xf32> loc("qlinearconv_y")
      "electronic.yield"(%5) : (tensor<6x4x3x3xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Reshape, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 216, moved_bytes = 888>} : () -> tensor<6x4x3x3xf32> loc("qlinearconv_y")
    %6 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<2x4x7x6xui8>):
      %7 = "onnx.Cast"(%x_1) {to = 1} : (tensor<2x4x7x6xui8>) -> tensor<2x4x7x6xf32> loc("qlinearconv_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "64">} : () -> tensor<ui8>
      %8 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("qlinearconv_y")
      %9 = "onnx.Sub"(%7, %8) : (tensor<2x4x7x6xf32>, tensor<f32>) -> tensor<2x4x7x6xf32> loc("qlinearconv_y")
      "electronic.yield"(%9) : (tensor<2x4x7x6xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Sub); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 336, moved_bytes = 1348>} : (tensor<2x4x7x6xui8>) -> tensor<2x4x7x6xf32> loc("qlinearconv_y")
    %10 = "optical.gemm"(%6, %0) {space = #optical.space<m = [2, 7, 6], k = [4, 3, 3], n = [6]>, lhs = #optical.map<"m0, k0, k1 + m1 - 1, k2 + m2 - 1">, rhs = #optical.map<"n0, k0, k1, k2">, out = #optical.map<"m0, n0, m1, m2">, combine = "store", macs = 18144} : (tensor<2x4x7x6xf32>, tensor<6x4x3x3xf32>) -> tensor<2x6x7x6xf32> loc("qlinearconv_y")
    %y = "electronic.region"(%10) ({
    ^bb0(%11: tensor<2x6x7x6xf32>):
      %12 = "onnx.Cast"(%11) {to = 6} : (tensor<2x6x7x6xf32>) -> tensor<2x6x7x6xi32> loc("qlinearconv_y")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "5f020000c2590000cf6b00000f23000021570000d9020000">} : () -> tensor<6xi32>
      %13 = "helio.weight"() {ref = #helio.weight<"qlinearconv_y.i64.060000000000000001000000000000000100000000000000", data = "060000000000000001000000000000000100000000000000">} : () -> tensor<3xi64> loc("qlinearconv_y")
      %14 = "onnx.Reshape"(%c, %13) : (tensor<6xi32>, tensor<3xi64>) -> tensor<6x1x1xi32> loc("qlinearconv_y")
      %15 = "onnx.Add"(%12, %14) : (tensor<2x6x7x6xi32>, tensor<6x1x1xi32>) -> tensor<2x6x7x6xi32> loc("qlinearconv_y")
      %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233cbc74933cf4fdd43c96430b3d31082c3dcdcc4c3d">} : () -> tensor<6xf32>
      %16 = "onnx.Mul"(%xs, %ws) : (tensor<f32>, tensor<6xf32>) -> tensor<6xf32> loc("qlinearconv_y")
      %ys = "helio.weight"() {ref = #helio.weight<"ys", data = "3333333f">} : () -> tensor<f32>
      %17 = "onnx.Div"(%16, %ys) : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32> loc("qlinearconv_y")
      %18 = "onnx.Reshape"(%17, %13) : (tensor<6xf32>, tensor<3xi64>) -> tensor<6x1x1xf32> loc("qlinearconv_y")
      %19 = "onnx.Cast"(%15) {to = 1} : (tensor<2x6x7x6xi32>) -> tensor<2x6x7x6xf32> loc("qlinearconv_y")
      %20 = "onnx.Mul"(%19, %18) : (tensor<2x6x7x6xf32>, tensor<6x1x1xf32>) -> tensor<2x6x7x6xf32> loc("qlinearconv_y")
      %21 = "helio.weight"() {ref = #helio.weight<"qlinearconv_y.f32.0000803f", data = "0000803f">} : () -> tensor<f32> loc("qlinearconv_y")
      %yz = "helio.weight"() {ref = #helio.weight<"yz", data = "05">} : () -> tensor<ui8>
      %y_1 = "onnx.QuantizeLinear"(%20, %21, %yz) : (tensor<2x6x7x6xf32>, tensor<f32>, tensor<ui8>) -> tensor<2x6x7x6xui8> loc("qlinearconv_y")
      "electronic.yield"(%y_1) : (tensor<2x6x7x6xui8>) -> ()
    }) {why = "HG2001: bias and scaling (Add, Mul, Div); HG2001: nonlinear or elementwise (QuantizeLinear); HG2002: moves or reshapes data (Cast, Reshape)", work = #electronic.work<elementwise = 1524, moved_bytes = 4032>} : (tensor<2x6x7x6xf32>) -> tensor<2x6x7x6xui8> loc("qlinearconv_y")
    func.return %y : tensor<2x6x7x6xui8>
  }
}

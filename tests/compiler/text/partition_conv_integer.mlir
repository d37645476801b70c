// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<2x4x7x6xui8>) -> tensor<2x6x4x6xi32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x4x3x3xui8>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "5a">} : () -> tensor<ui8>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "11">} : () -> tensor<ui8>
    %y = "onnx.ConvInteger"(%x, %w, %xz, %wz) {group = 1, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 1>} : (tensor<2x4x7x6xui8>, tensor<6x4x3x3xui8>, tensor<ui8>, tensor<ui8>) -> tensor<2x6x4x6xi32> loc("convinteger_y")
    func.return %y : tensor<2x6x4x6xi32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<2x4x7x6xui8>) -> tensor<2x6x4x6xi32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x4x3x3xui8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<6x4x3x3xui8>) -> tensor<6x4x3x3xf32> loc("convinteger_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "11">} : () -> tensor<ui8>
      %2 = "onnx.Cast"(%wz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("convinteger_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<6x4x3x3xf32>, tensor<f32>) -> tensor<6x4x3x3xf32> loc("convinteger_y")
      "electronic.yield"(%3) : (tensor<6x4x3x3xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 216, moved_bytes = 868>} : () -> tensor<6x4x3x3xf32> loc("convinteger_y")
    %4 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<2x4x7x6xui8>):
      %5 = "onnx.Cast"(%x_1) {to = 1} : (tensor<2x4x7x6xui8>) -> tensor<2x4x7x6xf32> loc("convinteger_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "5a">} : () -> tensor<ui8>
      %6 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("convinteger_y")
      %7 = "onnx.Sub"(%5, %6) : (tensor<2x4x7x6xf32>, tensor<f32>) -> tensor<2x4x7x6xf32> loc("convinteger_y")
      "electronic.yield"(%7) : (tensor<2x4x7x6xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Sub); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 336, moved_bytes = 1348>} : (tensor<2x4x7x6xui8>) -> tensor<2x4x7x6xf32> loc("convinteger_y")
    %8 = "optical.gemm"(%4, %0) {space = #optical.space<m = [2, 4, 6], k = [4, 3, 3], n = [6]>, lhs = #optical.map<"m0, k0, k1 + 2*m1 - 1, k2 + m2 - 1">, rhs = #optical.map<"n0, k0, k1, k2">, out = #optical.map<"m0, n0, m1, m2">, combine = "store", macs = 10368} : (tensor<2x4x7x6xf32>, tensor<6x4x3x3xf32>) -> tensor<2x6x4x6xf32> loc("convinteger_y")
    %y = "electronic.region"(%8) ({
    ^bb0(%9: tensor<2x6x4x6xf32>):
      %y_1 = "onnx.Cast"(%9) {to = 6} : (tensor<2x6x4x6xf32>) -> tensor<2x6x4x6xi32> loc("convinteger_y")
      "electronic.yield"(%y_1) : (tensor<2x6x4x6xi32>) -> ()
    }) {why = "HG2002: moves or reshapes data (Cast)", work = #electronic.work<moved_bytes = 1152>} : (tensor<2x6x4x6xf32>) -> tensor<2x6x4x6xi32> loc("convinteger_y")
    func.return %y : tensor<2x6x4x6xi32>
  }
}

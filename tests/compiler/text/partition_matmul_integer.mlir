// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x5x12xui8, #sym.dims<batch, 5, 12>>) -> tensor<?x5x9xi32, #sym.dims<batch, 5, 9>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "82">} : () -> tensor<ui8>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "fcfdfeff0001020304">} : () -> tensor<9xi8>
    %y = "onnx.MatMulInteger"(%x, %w, %xz, %wz) : (tensor<?x5x12xui8, #sym.dims<batch, 5, 12>>, tensor<12x9xi8>, tensor<ui8>, tensor<9xi8>) -> tensor<?x5x9xi32, #sym.dims<batch, 5, 9>> loc("matmulinteger_y")
    func.return %y : tensor<?x5x9xi32, #sym.dims<batch, 5, 9>>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x5x12xui8, #sym.dims<batch, 5, 12>>) -> tensor<?x5x9xi32, #sym.dims<batch, 5, 9>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<12x9xi8>) -> tensor<12x9xf32> loc("matmulinteger_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "fcfdfeff0001020304">} : () -> tensor<9xi8>
      %2 = "onnx.Cast"(%wz) {to = 1} : (tensor<9xi8>) -> tensor<9xf32> loc("matmulinteger_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<12x9xf32>, tensor<9xf32>) -> tensor<12x9xf32> loc("matmulinteger_y")
      "electronic.yield"(%3) : (tensor<12x9xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 108, moved_bytes = 468>} : () -> tensor<12x9xf32> loc("matmulinteger_y")
    %4 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<?x5x12xui8, #sym.dims<batch, 5, 12>>):
      %5 = "onnx.Cast"(%x_1) {to = 1} : (tensor<?x5x12xui8, #sym.dims<batch, 5, 12>>) -> tensor<?x5x12xf32, #sym.dims<batch, 5, 12>> loc("matmulinteger_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "82">} : () -> tensor<ui8>
      %6 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("matmulinteger_y")
      %7 = "onnx.Sub"(%5, %6) : (tensor<?x5x12xf32, #sym.dims<batch, 5, 12>>, tensor<f32>) -> tensor<?x5x12xf32, #sym.dims<batch, 5, 12>> loc("matmulinteger_y")
      "electronic.yield"(%7) : (tensor<?x5x12xf32, #sym.dims<batch, 5, 12>>) -> ()
    }) {why = "HG2001: bias and scaling (Sub); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = #sym.expr<"60*batch">, moved_bytes = #sym.expr<"240*batch + 4">>} : (tensor<?x5x12xui8, #sym.dims<batch, 5, 12>>) -> tensor<?x5x12xf32, #sym.dims<batch, 5, 12>> loc("matmulinteger_y")
    %8 = "optical.gemm"(%4, %0) {space = #optical.space<m = [#sym.expr<"batch">, 5], k = [12], n = [9]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = #sym.expr<"540*batch">} : (tensor<?x5x12xf32, #sym.dims<batch, 5, 12>>, tensor<12x9xf32>) -> tensor<?x5x9xf32, #sym.dims<batch, 5, 9>> loc("matmulinteger_y")
    %y = "electronic.region"(%8) ({
    ^bb0(%9: tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>):
      %y_1 = "onnx.Cast"(%9) {to = 6} : (tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>) -> tensor<?x5x9xi32, #sym.dims<batch, 5, 9>> loc("matmulinteger_y")
      "electronic.yield"(%y_1) : (tensor<?x5x9xi32, #sym.dims<batch, 5, 9>>) -> ()
    }) {why = "HG2002: moves or reshapes data (Cast)", work = #electronic.work<moved_bytes = #sym.expr<"180*batch">>} : (tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>) -> tensor<?x5x9xi32, #sym.dims<batch, 5, 9>> loc("matmulinteger_y")
    func.return %y : tensor<?x5x9xi32, #sym.dims<batch, 5, 9>>
  }
}

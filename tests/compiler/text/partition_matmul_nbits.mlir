// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<?x5x64xf32, #sym.dims<batch, 5, 64>>) -> tensor<?x?x?xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<9x2x16xui8>
    %s = "helio.weight"() {ref = #helio.weight<"s">} : () -> tensor<18xf32>
    %z = "helio.weight"() {ref = #helio.weight<"z", data = "973b5eade3bb406699">} : () -> tensor<9xui8>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
    %0 = "helio.none"() : () -> none
    %y = "com.microsoft.MatMulNBits"(%x, %w, %s, %z, %0, %c) {K = 64, N = 9, bits = 4, block_size = 32} : (tensor<?x5x64xf32, #sym.dims<batch, 5, 64>>, tensor<9x2x16xui8>, tensor<18xf32>, tensor<9xui8>, none, tensor<9xf32>) -> tensor<?x?x?xf32> loc("matmulnbits_y")
    func.return %y : tensor<?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x5x64xf32, #sym.dims<batch, 5, 64>>) -> tensor<?x5x9xf32, #sym.dims<batch, 5, 9>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<9x2x16xui8>
      %1 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.ui8.10", data = "10">} : () -> tensor<ui8> loc("matmulnbits_y")
      %2 = "onnx.Div"(%w, %1) : (tensor<9x2x16xui8>, tensor<ui8>) -> tensor<9x2x16xui8> loc("matmulnbits_y")
      %3 = "onnx.Mul"(%2, %1) : (tensor<9x2x16xui8>, tensor<ui8>) -> tensor<9x2x16xui8> loc("matmulnbits_y")
      %4 = "onnx.Sub"(%w, %3) : (tensor<9x2x16xui8>, tensor<9x2x16xui8>) -> tensor<9x2x16xui8> loc("matmulnbits_y")
      %5 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.0900000000000000020000000000000010000000000000000100000000000000", data = "0900000000000000020000000000000010000000000000000100000000000000">} : () -> tensor<4xi64> loc("matmulnbits_y")
      %6 = "onnx.Reshape"(%4, %5) : (tensor<9x2x16xui8>, tensor<4xi64>) -> tensor<9x2x16x1xui8> loc("matmulnbits_y")
      %7 = "onnx.Reshape"(%2, %5) : (tensor<9x2x16xui8>, tensor<4xi64>) -> tensor<9x2x16x1xui8> loc("matmulnbits_y")
      %8 = "onnx.Concat"(%6, %7) {axis = 3} : (tensor<9x2x16x1xui8>, tensor<9x2x16x1xui8>) -> tensor<9x2x16x2xui8> loc("matmulnbits_y")
      %9 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.090000000000000002000000000000002000000000000000", data = "090000000000000002000000000000002000000000000000">} : () -> tensor<3xi64> loc("matmulnbits_y")
      %10 = "onnx.Reshape"(%8, %9) : (tensor<9x2x16x2xui8>, tensor<3xi64>) -> tensor<9x2x32xui8> loc("matmulnbits_y")
      %11 = "onnx.Cast"(%10) {to = 1} : (tensor<9x2x32xui8>) -> tensor<9x2x32xf32> loc("matmulnbits_y")
      %z = "helio.weight"() {ref = #helio.weight<"z", data = "973b5eade3bb406699">} : () -> tensor<9xui8>
      %12 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.09000000000000000100000000000000", data = "09000000000000000100000000000000">} : () -> tensor<2xi64> loc("matmulnbits_y")
      %13 = "onnx.Reshape"(%z, %12) : (tensor<9xui8>, tensor<2xi64>) -> tensor<9x1xui8> loc("matmulnbits_y")
      %14 = "onnx.Div"(%13, %1) : (tensor<9x1xui8>, tensor<ui8>) -> tensor<9x1xui8> loc("matmulnbits_y")
      %15 = "onnx.Mul"(%14, %1) : (tensor<9x1xui8>, tensor<ui8>) -> tensor<9x1xui8> loc("matmulnbits_y")
      %16 = "onnx.Sub"(%13, %15) : (tensor<9x1xui8>, tensor<9x1xui8>) -> tensor<9x1xui8> loc("matmulnbits_y")
      %17 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.090000000000000001000000000000000100000000000000", data = "090000000000000001000000000000000100000000000000">} : () -> tensor<3xi64> loc("matmulnbits_y")
      %18 = "onnx.Reshape"(%16, %17) : (tensor<9x1xui8>, tensor<3xi64>) -> tensor<9x1x1xui8> loc("matmulnbits_y")
      %19 = "onnx.Reshape"(%14, %17) : (tensor<9x1xui8>, tensor<3xi64>) -> tensor<9x1x1xui8> loc("matmulnbits_y")
      %20 = "onnx.Concat"(%18, %19) {axis = 2} : (tensor<9x1x1xui8>, tensor<9x1x1xui8>) -> tensor<9x1x2xui8> loc("matmulnbits_y")
      %21 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.09000000000000000200000000000000", data = "09000000000000000200000000000000">} : () -> tensor<2xi64> loc("matmulnbits_y")
      %22 = "onnx.Reshape"(%20, %21) : (tensor<9x1x2xui8>, tensor<2xi64>) -> tensor<9x2xui8> loc("matmulnbits_y")
      %23 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.090000000000000002000000000000000100000000000000", data = "090000000000000002000000000000000100000000000000">} : () -> tensor<3xi64> loc("matmulnbits_y")
      %24 = "onnx.Reshape"(%22, %23) : (tensor<9x2xui8>, tensor<3xi64>) -> tensor<9x2x1xui8> loc("matmulnbits_y")
      %25 = "onnx.Cast"(%24) {to = 1} : (tensor<9x2x1xui8>) -> tensor<9x2x1xf32> loc("matmulnbits_y")
      %26 = "onnx.Sub"(%11, %25) : (tensor<9x2x32xf32>, tensor<9x2x1xf32>) -> tensor<9x2x32xf32> loc("matmulnbits_y")
      %s = "helio.weight"() {ref = #helio.weight<"s">} : () -> tensor<18xf32>
      %27 = "onnx.Reshape"(%s, %23) : (tensor<18xf32>, tensor<3xi64>) -> tensor<9x2x1xf32> loc("matmulnbits_y")
      %28 = "onnx.Mul"(%26, %27) : (tensor<9x2x32xf32>, tensor<9x2x1xf32>) -> tensor<9x2x32xf32> loc("matmulnbits_y")
      %29 = "helio.weight"() {ref = #helio.weight<"matmulnbits_y.i64.09000000000000004000000000000000", data = "09000000000000004000000000000000">} : () -> tensor<2xi64> loc("matmulnbits_y")
      %30 = "onnx.Reshape"(%28, %29) : (tensor<9x2x32xf32>, tensor<2xi64>) -> tensor<9x64xf32> loc("matmulnbits_y")
      "electronic.yield"(%30) : (tensor<9x64xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Div, Mul, Sub, Reshape, Concat, Cast)", work = #electronic.work, preparation = #electronic.work<elementwise = 2043, moved_bytes = 2970>} : () -> tensor<9x64xf32> loc("matmulnbits_y")
    %31 = "optical.gemm"(%x, %0) {space = #optical.space<m = [#sym.expr<"batch">, 5], k = [64], n = [9]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"n0, k0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = #sym.expr<"2880*batch">} : (tensor<?x5x64xf32, #sym.dims<batch, 5, 64>>, tensor<9x64xf32>) -> tensor<?x5x9xf32, #sym.dims<batch, 5, 9>> loc("matmulnbits_y")
    %y = "electronic.region"(%31) ({
    ^bb0(%32: tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>):
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "6cbf003e7f4607bebdf2233fdfd5d63da12109bffd22b93e79e9a63fe673723ffe2734bf">} : () -> tensor<9xf32>
      %y_1 = "onnx.Add"(%32, %c) : (tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>, tensor<9xf32>) -> tensor<?x5x9xf32, #sym.dims<batch, 5, 9>> loc("matmulnbits_y")
      "electronic.yield"(%y_1) : (tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>) -> ()
    }) {why = "HG2001: bias and scaling (Add)", work = #electronic.work<elementwise = #sym.expr<"45*batch">>} : (tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>) -> tensor<?x5x9xf32, #sym.dims<batch, 5, 9>> loc("matmulnbits_y")
    func.return %y : tensor<?x5x9xf32, #sym.dims<batch, 5, 9>>
  }
}

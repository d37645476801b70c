// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<?x?x12xf32, #sym.dims<batch, places, 12>>, %mask: tensor<?x?xi32, #sym.dims<batch, keys>>) -> tensor<?x?x?xf32> attributes {helio.inputs = ["x", "mask"], helio.outputs = ["y"]} {
    %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xf32>
    %y = "com.microsoft.Attention"(%x, %w, %c, %mask) {num_heads = 2, unidirectional = 1} : (tensor<?x?x12xf32, #sym.dims<batch, places, 12>>, tensor<12x48xf32>, tensor<48xf32>, tensor<?x?xi32, #sym.dims<batch, keys>>) -> tensor<?x?x?xf32> loc("attention_y")
    func.return %y : tensor<?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x?x12xf32, #sym.dims<batch, places, 12>>, %mask: tensor<?x?xi32, #sym.dims<batch, keys>>) -> tensor<?x?x16xf32, #sym.dims<batch, places, 16>> attributes {helio.inputs = ["x", "mask"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xf32>
    %0 = "electronic.region"(%mask) ({
    ^bb0(%mask_1: tensor<?x?xi32, #sym.dims<batch, keys>>):
      %1 = "helio.weight"() {ref = #helio.weight<"attention_y.i32.00000000", data = "00000000">} : () -> tensor<i32> loc("attention_y")
      %2 = "onnx.Greater"(%mask_1, %1) : (tensor<?x?xi32, #sym.dims<batch, keys>>, tensor<i32>) -> tensor<?x?xi1, #sym.dims<batch, keys>> loc("attention_y")
      %3 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.01000000000000000200000000000000", data = "01000000000000000200000000000000">} : () -> tensor<2xi64> loc("attention_y")
      %4 = "onnx.Unsqueeze"(%2, %3) : (tensor<?x?xi1, #sym.dims<batch, keys>>, tensor<2xi64>) -> tensor<?x1x1x?xi1, #sym.dims<batch, 1, 1, keys>> loc("attention_y")
      %5 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.00000000", data = "00000000">} : () -> tensor<f32> loc("attention_y")
      %6 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.00401cc6", data = "00401cc6">} : () -> tensor<f32> loc("attention_y")
      %7 = "onnx.Where"(%4, %5, %6) : (tensor<?x1x1x?xi1, #sym.dims<batch, 1, 1, keys>>, tensor<f32>, tensor<f32>) -> tensor<?x1x1x?xf32, #sym.dims<batch, 1, 1, keys>> loc("attention_y")
      "electronic.yield"(%7) : (tensor<?x1x1x?xf32, #sym.dims<batch, 1, 1, keys>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Greater); HG2002: moves or reshapes data (Unsqueeze, Where)", work = #electronic.work<elementwise = #sym.expr<"batch*keys">, moved_bytes = #sym.expr<"4*batch*keys">>} : (tensor<?x?xi32, #sym.dims<batch, keys>>) -> tensor<?x1x1x?xf32, #sym.dims<batch, 1, 1, keys>> loc("attention_y")
    %8 = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">, #sym.expr<"places">], k = [12], n = [48]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = #sym.expr<"576*batch*places">} : (tensor<?x?x12xf32, #sym.dims<batch, places, 12>>, tensor<12x48xf32>) -> tensor<?x?x48xf32, #sym.dims<batch, places, 48>> loc("attention_y")
    %9 = "electronic.region"(%8) ({
    ^bb0(%10: tensor<?x?x48xf32, #sym.dims<batch, places, 48>>):
      %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
      %11 = "onnx.Add"(%10, %c) : (tensor<?x?x48xf32, #sym.dims<batch, places, 48>>, tensor<48xf32>) -> tensor<?x?x48xf32, #sym.dims<batch, places, 48>> loc("attention_y")
      "electronic.yield"(%11) : (tensor<?x?x48xf32, #sym.dims<batch, places, 48>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Add)", work = #electronic.work<elementwise = #sym.expr<"48*batch*places">>} : (tensor<?x?x48xf32, #sym.dims<batch, places, 48>>) -> tensor<?x?x48xf32, #sym.dims<batch, places, 48>> loc("attention_y")
    %12 = "optical.gemm"(%9, %9) {space = #optical.space<b = [#sym.expr<"batch">, 2], m = [#sym.expr<"places">], k = [8], n = [#sym.expr<"places">]>, lhs = #optical.map<"b0, m0, 8*b1 + k0">, rhs = #optical.map<"b0, n0, 8*b1 + k0 + 16">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = #sym.expr<"16*batch*places*places">} : (tensor<?x?x48xf32, #sym.dims<batch, places, 48>>, tensor<?x?x48xf32, #sym.dims<batch, places, 48>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>> loc("attention_y")
    %13 = "electronic.region"(%12, %0) ({
    ^bb0(%14: tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>, %15: tensor<?x1x1x?xf32, #sym.dims<batch, 1, 1, keys>>):
      %16 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.f304b53e", data = "f304b53e">} : () -> tensor<f32> loc("attention_y")
      %17 = "onnx.Mul"(%14, %16) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>, tensor<f32>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>> loc("attention_y")
      %18 = "onnx.Add"(%17, %15) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>, tensor<?x1x1x?xf32, #sym.dims<batch, 1, 1, keys>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>> loc("attention_y")
      %19 = "onnx.Shape"(%18) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>) -> tensor<4xi64> loc("attention_y")
      %20 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("attention_y")
      %21 = "onnx.Gather"(%19, %20) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %22 = "onnx.Shape"(%18) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>) -> tensor<4xi64> loc("attention_y")
      %23 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("attention_y")
      %24 = "onnx.Gather"(%22, %23) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %25 = "onnx.Sub"(%21, %24) : (tensor<i64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %26 = "onnx.Shape"(%18) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>) -> tensor<4xi64> loc("attention_y")
      %27 = "onnx.Gather"(%26, %23) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %28 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("attention_y")
      %29 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("attention_y")
      %30 = "onnx.Range"(%28, %27, %29) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64, #sym.dims<places>> loc("attention_y")
      %31 = "onnx.Add"(%30, %25) : (tensor<?xi64, #sym.dims<places>>, tensor<i64>) -> tensor<?xi64, #sym.dims<places>> loc("attention_y")
      %32 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.01000000000000000100000000000000ffffffffffffffff0100000000000000", data = "01000000000000000100000000000000ffffffffffffffff0100000000000000">} : () -> tensor<4xi64> loc("attention_y")
      %33 = "onnx.Reshape"(%31, %32) : (tensor<?xi64, #sym.dims<places>>, tensor<4xi64>) -> tensor<1x1x?x1xi64, #sym.dims<1, 1, places, 1>> loc("attention_y")
      %34 = "onnx.Shape"(%18) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>) -> tensor<4xi64> loc("attention_y")
      %35 = "onnx.Gather"(%34, %20) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %36 = "onnx.Range"(%28, %35, %29) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64, #sym.dims<places>> loc("attention_y")
      %37 = "onnx.LessOrEqual"(%36, %33) : (tensor<?xi64, #sym.dims<places>>, tensor<1x1x?x1xi64, #sym.dims<1, 1, places, 1>>) -> tensor<1x1x?x?xi1, #sym.dims<1, 1, places, places>> loc("attention_y")
      %38 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.ffff7fff", data = "ffff7fff">} : () -> tensor<f32> loc("attention_y")
      %39 = "onnx.Where"(%37, %18, %38) : (tensor<1x1x?x?xi1, #sym.dims<1, 1, places, places>>, tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>, tensor<f32>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>> loc("attention_y")
      %40 = "onnx.Softmax"(%39) {axis = -1} : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>> loc("attention_y")
      "electronic.yield"(%40) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Mul, Add, Sub, LessOrEqual); HG2002: moves or reshapes data (Shape, Gather, Range, Reshape, Where); HG2003: row statistics (Softmax)", work = #electronic.work<elementwise = #sym.expr<"places + places*places + 8*batch*places*places + 1">, reduce = #sym.expr<"4*batch*places*places">, transcendental = #sym.expr<"2*batch*places*places">, moved_bytes = #sym.expr<"16*places + 8*batch*places*places + 32">>} : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>, tensor<?x1x1x?xf32, #sym.dims<batch, 1, 1, keys>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>> loc("attention_y")
    %y = "optical.gemm"(%13, %9) {space = #optical.space<b = [#sym.expr<"batch">, 2], m = [#sym.expr<"places">], k = [#sym.expr<"places">], n = [8]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, k0, 8*b1 + n0 + 32">, out = #optical.map<"b0, m0, 8*b1 + n0">, combine = "store", macs = #sym.expr<"16*batch*places*places">} : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, places, places>>, tensor<?x?x48xf32, #sym.dims<batch, places, 48>>) -> tensor<?x?x16xf32, #sym.dims<batch, places, 16>> loc("attention_y")
    func.return %y : tensor<?x?x16xf32, #sym.dims<batch, places, 16>>
  }
}

// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%q: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %k: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %v: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %pk: tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, %pv: tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>) -> (tensor<?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) attributes {helio.inputs = ["q", "k", "v", "pk", "pv"], helio.outputs = ["y", "ok", "ov"]} {
    %0 = "helio.none"() : () -> none
    %1 = "helio.none"() : () -> none
    %2 = "helio.none"() : () -> none
    %y, %ok, %ov = "com.microsoft.MultiHeadAttention"(%q, %k, %v, %0, %1, %2, %pk, %pv) {num_heads = 2, unidirectional = 1} : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, none, none, none, tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>) -> (tensor<?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) loc("multiheadattention_y")
    func.return %y, %ok, %ov : tensor<?x?x?xf32>, tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%q: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %k: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %v: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %pk: tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, %pv: tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>) -> (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>) attributes {helio.inputs = ["q", "k", "v", "pk", "pv"], helio.outputs = ["y", "ok", "ov"]} {
    %ok, %ov = "electronic.region"(%k, %pk, %v, %pv) ({
    ^bb0(%k_1: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %pk_1: tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, %v_1: tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, %pv_1: tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>):
      %0 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.i64.0000000000000000040000000000000002000000000000000800000000000000", data = "0000000000000000040000000000000002000000000000000800000000000000">} : () -> tensor<4xi64> loc("multiheadattention_y")
      %1 = "onnx.Reshape"(%k_1, %0) : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<4xi64>) -> tensor<?x4x2x8xf32, #sym.dims<batch, 4, 2, 8>> loc("multiheadattention_y")
      %2 = "onnx.Transpose"(%1) {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x4x2x8xf32, #sym.dims<batch, 4, 2, 8>>) -> tensor<?x2x4x8xf32, #sym.dims<batch, 2, 4, 8>> loc("multiheadattention_y")
      %ok_1 = "onnx.Concat"(%pk_1, %2) {axis = 2} : (tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, tensor<?x2x4x8xf32, #sym.dims<batch, 2, 4, 8>>) -> tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>> loc("multiheadattention_y")
      %3 = "onnx.Reshape"(%v_1, %0) : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<4xi64>) -> tensor<?x4x2x8xf32, #sym.dims<batch, 4, 2, 8>> loc("multiheadattention_y")
      %4 = "onnx.Transpose"(%3) {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x4x2x8xf32, #sym.dims<batch, 4, 2, 8>>) -> tensor<?x2x4x8xf32, #sym.dims<batch, 2, 4, 8>> loc("multiheadattention_y")
      %ov_1 = "onnx.Concat"(%pv_1, %4) {axis = 2} : (tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, tensor<?x2x4x8xf32, #sym.dims<batch, 2, 4, 8>>) -> tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>> loc("multiheadattention_y")
      "electronic.yield"(%ok_1, %ov_1) : (tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>) -> ()
    }) {why = "HG2002: moves or reshapes data (Reshape, Transpose, Concat)", work = #electronic.work<moved_bytes = #sym.expr<"1024*batch + 128*batch*past">>} : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>, tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, past, 8>>) -> (tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>) loc("multiheadattention_y")
    %5 = "optical.gemm"(%q, %ok) {space = #optical.space<b = [#sym.expr<"batch">, 2], m = [4], k = [8], n = [#sym.expr<"past + 4">]>, lhs = #optical.map<"b0, m0, 8*b1 + k0">, rhs = #optical.map<"b0, b1, n0, k0">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = #sym.expr<"256*batch + 64*batch*past">} : (tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>) -> tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">> loc("multiheadattention_y")
    %6 = "electronic.region"(%5) ({
    ^bb0(%7: tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>):
      %8 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.f32.f304b53e", data = "f304b53e">} : () -> tensor<f32> loc("multiheadattention_y")
      %9 = "onnx.Mul"(%7, %8) : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>, tensor<f32>) -> tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">> loc("multiheadattention_y")
      %10 = "onnx.Shape"(%9) : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> tensor<4xi64> loc("multiheadattention_y")
      %11 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("multiheadattention_y")
      %12 = "onnx.Gather"(%10, %11) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("multiheadattention_y")
      %13 = "onnx.Shape"(%9) : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> tensor<4xi64> loc("multiheadattention_y")
      %14 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("multiheadattention_y")
      %15 = "onnx.Gather"(%13, %14) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("multiheadattention_y")
      %16 = "onnx.Sub"(%12, %15) : (tensor<i64>, tensor<i64>) -> tensor<i64> loc("multiheadattention_y")
      %17 = "onnx.Shape"(%9) : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> tensor<4xi64> loc("multiheadattention_y")
      %18 = "onnx.Gather"(%17, %14) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("multiheadattention_y")
      %19 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("multiheadattention_y")
      %20 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("multiheadattention_y")
      %21 = "onnx.Range"(%19, %18, %20) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64> loc("multiheadattention_y")
      %22 = "onnx.Add"(%21, %16) : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64> loc("multiheadattention_y")
      %23 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.i64.0100000000000000010000000000000004000000000000000100000000000000", data = "0100000000000000010000000000000004000000000000000100000000000000">} : () -> tensor<4xi64> loc("multiheadattention_y")
      %24 = "onnx.Reshape"(%22, %23) : (tensor<4xi64>, tensor<4xi64>) -> tensor<1x1x4x1xi64> loc("multiheadattention_y")
      %25 = "onnx.Shape"(%9) : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> tensor<4xi64> loc("multiheadattention_y")
      %26 = "onnx.Gather"(%25, %11) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("multiheadattention_y")
      %27 = "onnx.Range"(%19, %26, %20) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64, #sym.dims<"past + 4">> loc("multiheadattention_y")
      %28 = "onnx.LessOrEqual"(%27, %24) : (tensor<?xi64, #sym.dims<"past + 4">>, tensor<1x1x4x1xi64>) -> tensor<1x1x4x?xi1, #sym.dims<1, 1, 4, "past + 4">> loc("multiheadattention_y")
      %29 = "helio.weight"() {ref = #helio.weight<"multiheadattention_y.f32.ffff7fff", data = "ffff7fff">} : () -> tensor<f32> loc("multiheadattention_y")
      %30 = "onnx.Where"(%28, %9, %29) : (tensor<1x1x4x?xi1, #sym.dims<1, 1, 4, "past + 4">>, tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>, tensor<f32>) -> tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">> loc("multiheadattention_y")
      %31 = "onnx.Softmax"(%30) {axis = -1} : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">> loc("multiheadattention_y")
      "electronic.yield"(%31) : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Mul, Sub, Add, LessOrEqual); HG2002: moves or reshapes data (Shape, Gather, Range, Reshape, Where); HG2003: row statistics (Softmax)", work = #electronic.work<elementwise = #sym.expr<"96*batch + 4*past + 24*batch*past + 21">, reduce = #sym.expr<"64*batch + 16*batch*past">, transcendental = #sym.expr<"32*batch + 8*batch*past">, moved_bytes = #sym.expr<"128*batch + 8*past + 32*batch*past + 96">>} : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>) -> tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">> loc("multiheadattention_y")
    %y = "optical.gemm"(%6, %ov) {space = #optical.space<b = [#sym.expr<"batch">, 2], m = [4], k = [#sym.expr<"past + 4">], n = [8]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, b1, k0, n0">, out = #optical.map<"b0, m0, 8*b1 + n0">, combine = "store", macs = #sym.expr<"256*batch + 64*batch*past">} : (tensor<?x2x4x?xf32, #sym.dims<batch, 2, 4, "past + 4">>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>) -> tensor<?x4x16xf32, #sym.dims<batch, 4, 16>> loc("multiheadattention_y")
    func.return %y, %ok, %ov : tensor<?x4x16xf32, #sym.dims<batch, 4, 16>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>, tensor<?x2x?x8xf32, #sym.dims<batch, 2, "past + 4", 8>>
  }
}

// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%q: tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>, %k: tensor<?x2x16x?xf32, #sym.dims<batch, 2, 16, seq>>, %v: tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>) -> tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>> attributes {helio.inputs = ["q", "k", "v"], helio.outputs = ["o"]} {
    %s = "onnx.MatMul"(%q, %k) : (tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>, tensor<?x2x16x?xf32, #sym.dims<batch, 2, 16, seq>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>> loc("scores")
    %p = "onnx.Softmax"(%s) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>> loc("softmax")
    %o = "onnx.MatMul"(%p, %v) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>, tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>) -> tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>> loc("mix")
    func.return %o : tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%q: tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>, %k: tensor<?x2x16x?xf32, #sym.dims<batch, 2, 16, seq>>, %v: tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>) -> tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>> attributes {helio.inputs = ["q", "k", "v"], helio.outputs = ["o"]} {
    %s = "optical.gemm"(%q, %k) {space = #optical.space<b = [#sym.expr<"batch">, 2], m = [#sym.expr<"seq">], k = [16], n = [#sym.expr<"seq">]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, b1, k0, n0">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = #sym.expr<"32*batch*seq*seq">} : (tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>, tensor<?x2x16x?xf32, #sym.dims<batch, 2, 16, seq>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>> loc("scores")
    %p = "electronic.region"(%s) ({
    ^bb0(%s_1: tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>):
      %p_1 = "onnx.Softmax"(%s_1) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>> loc("softmax")
      "electronic.yield"(%p_1) : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>) -> ()
    }) {why = "HG2003: row statistics (Softmax)", work = #electronic.work<elementwise = #sym.expr<"4*batch*seq*seq">, reduce = #sym.expr<"4*batch*seq*seq">, transcendental = #sym.expr<"2*batch*seq*seq">>} : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>) -> tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>> loc("softmax")
    %o = "optical.gemm"(%p, %v) {space = #optical.space<b = [#sym.expr<"batch">, 2], m = [#sym.expr<"seq">], k = [#sym.expr<"seq">], n = [16]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, b1, k0, n0">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = #sym.expr<"32*batch*seq*seq">} : (tensor<?x2x?x?xf32, #sym.dims<batch, 2, seq, seq>>, tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>) -> tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>> loc("mix")
    func.return %o : tensor<?x2x?x16xf32, #sym.dims<batch, 2, seq, 16>>
  }
}

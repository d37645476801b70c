// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x?x12xf32, #sym.dims<batch, time, 12>>) -> tensor<?x2x?x6xf32, #sym.dims<batch, 2, time, 6>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<2x12x6xf32>
    %y = "onnx.Einsum"(%x, %w) {equation = "btd,hdk->bhtk"} : (tensor<?x?x12xf32, #sym.dims<batch, time, 12>>, tensor<2x12x6xf32>) -> tensor<?x2x?x6xf32, #sym.dims<batch, 2, time, 6>> loc("project")
    func.return %y : tensor<?x2x?x6xf32, #sym.dims<batch, 2, time, 6>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x?x12xf32, #sym.dims<batch, time, 12>>) -> tensor<?x2x?x6xf32, #sym.dims<batch, 2, time, 6>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<2x12x6xf32>
    %y = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">, #sym.expr<"time">], k = [12], n = [2, 6]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"n0, k0, n1">, out = #optical.map<"m0, n0, m1, n1">, combine = "store", macs = #sym.expr<"144*batch*time">} : (tensor<?x?x12xf32, #sym.dims<batch, time, 12>>, tensor<2x12x6xf32>) -> tensor<?x2x?x6xf32, #sym.dims<batch, 2, time, 6>> loc("project")
    func.return %y : tensor<?x2x?x6xf32, #sym.dims<batch, 2, time, 6>>
  }
}

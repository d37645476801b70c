// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x3x8x8xf32, #sym.dims<batch, 3, 8, 8>>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> attributes {helio.inputs = ["x"], helio.outputs = ["z"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x3x3x3xf32>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "00000000000000000000000000000000">} : () -> tensor<4xf32>
    %y = "onnx.Conv"(%x, %w, %c) {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x3x8x8xf32, #sym.dims<batch, 3, 8, 8>>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> loc("conv")
    %z = "onnx.Relu"(%y) : (tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> loc("relu")
    func.return %z : tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x3x8x8xf32, #sym.dims<batch, 3, 8, 8>>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> attributes {helio.inputs = ["x"], helio.outputs = ["z"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x3x3x3xf32>
    %0 = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">, 4, 4], k = [3, 3, 3], n = [4]>, lhs = #optical.map<"m0, k0, k1 + 2*m1 - 1, k2 + 2*m2 - 1">, rhs = #optical.map<"n0, k0, k1, k2">, out = #optical.map<"m0, n0, m1, m2">, combine = "store", macs = #sym.expr<"1728*batch">} : (tensor<?x3x8x8xf32, #sym.dims<batch, 3, 8, 8>>, tensor<4x3x3x3xf32>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> loc("conv")
    %z = "electronic.region"(%0) ({
    ^bb0(%1: tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>):
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "00000000000000000000000000000000">} : () -> tensor<4xf32>
      %2 = "helio.weight"() {ref = #helio.weight<"conv.i64.000000000000000002000000000000000300000000000000", data = "000000000000000002000000000000000300000000000000">} : () -> tensor<3xi64> loc("conv")
      %3 = "onnx.Unsqueeze"(%c, %2) : (tensor<4xf32>, tensor<3xi64>) -> tensor<1x4x1x1xf32> loc("conv")
      %y = "onnx.Add"(%1, %3) : (tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>, tensor<1x4x1x1xf32>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> loc("conv")
      %z_1 = "onnx.Relu"(%y) : (tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> loc("relu")
      "electronic.yield"(%z_1) : (tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>) -> ()
    }) {why = "HG2001: bias and scaling (Add); HG2001: nonlinear or elementwise (Relu); HG2002: moves or reshapes data (Unsqueeze)", work = #electronic.work<elementwise = #sym.expr<"128*batch">>} : (tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>) -> tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>> loc("conv")
    func.return %z : tensor<?x4x4x4xf32, #sym.dims<batch, 4, 4, 4>>
  }
}

// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "00000000000000000000000000000000000000000000000000000000000000000000000000000000">} : () -> tensor<10xf32>
    %y = "onnx.Gemm"(%x, %w, %c) {alpha = 0.5, transB = 1} : (tensor<?x20xf32, #sym.dims<batch, 20>>, tensor<10x20xf32>, tensor<10xf32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    func.return %y : tensor<?x10xf32, #sym.dims<batch, 10>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %0 = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"n0, k0">, out = #optical.map<"m0, n0">, combine = "store", macs = #sym.expr<"200*batch">} : (tensor<?x20xf32, #sym.dims<batch, 20>>, tensor<10x20xf32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    %y = "electronic.region"(%0) ({
    ^bb0(%1: tensor<?x10xf32, #sym.dims<batch, 10>>):
      %2 = "helio.weight"() {ref = #helio.weight<"gemm.f32.0000003f", data = "0000003f">} : () -> tensor<f32> loc("gemm")
      %3 = "onnx.Mul"(%1, %2) : (tensor<?x10xf32, #sym.dims<batch, 10>>, tensor<f32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "00000000000000000000000000000000000000000000000000000000000000000000000000000000">} : () -> tensor<10xf32>
      %y_1 = "onnx.Add"(%3, %c) : (tensor<?x10xf32, #sym.dims<batch, 10>>, tensor<10xf32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
      "electronic.yield"(%y_1) : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>} : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    func.return %y : tensor<?x10xf32, #sym.dims<batch, 10>>
  }
}

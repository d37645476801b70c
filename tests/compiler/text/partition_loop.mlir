// pass: partition
// target: awgr8-28g
module @agraph attributes {helio.level = "graph", helio.opsets = {onnx = 20}} {
  func.func @main(%count: tensor<i64>, %x: tensor<?x6xf32, #sym.dims<batch, 6>>) -> (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x?x6xf32, #sym.dims<n_, batch, 6>>) attributes {helio.inputs = ["count", "x"], helio.outputs = ["y", "all"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x6xf32>
    %0 = "helio.none"() : () -> none
    %y, %all = "onnx.Loop"(%count, %0, %x) ({
    ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<?x6xf32, #sym.dims<batch, 6>>):
      %c2 = "onnx.Identity"(%c) : (tensor<i1>) -> tensor<i1> loc("Identity_1")
      %m = "onnx.MatMul"(%s, %w) : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<6x6xf32>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("MatMul_2")
      %s2 = "onnx.Tanh"(%m) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Tanh_3")
      %seen = "onnx.Identity"(%s2) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Identity_4")
      "onnx.yield"(%c2, %s2, %seen) : (tensor<i1>, tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }) {helio.subgraphs = ["body"]} : (tensor<i64>, none, tensor<?x6xf32, #sym.dims<batch, 6>>) -> (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x?x6xf32, #sym.dims<n_, batch, 6>>) loc("Loop_0")
    func.return %y, %all : tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x?x6xf32, #sym.dims<n_, batch, 6>>
  }
}
// ---- becomes ----
module @agraph attributes {helio.level = "partitioned", helio.opsets = {onnx = 20}, helio.target = "awgr8-28g"} {
  func.func @main(%count: tensor<i64>, %x: tensor<?x6xf32, #sym.dims<batch, 6>>) -> (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x?x6xf32, #sym.dims<n_, batch, 6>>) attributes {helio.inputs = ["count", "x"], helio.outputs = ["y", "all"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x6xf32>
    %0 = "helio.none"() : () -> none
    %y, %all = "control.loop"(%count, %0, %x) ({
    ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<?x6xf32, #sym.dims<batch, 6>>):
      %c2 = "electronic.region"(%c) ({
      ^bb0(%c_1: tensor<i1>):
        %c2_1 = "onnx.Identity"(%c_1) : (tensor<i1>) -> tensor<i1> loc("Identity_1")
        "electronic.yield"(%c2_1) : (tensor<i1>) -> ()
      }) {why = "HG2002: moves or reshapes data (Identity)", work = #electronic.work} : (tensor<i1>) -> tensor<i1> loc("Identity_1")
      %m = "optical.gemm"(%s, %w) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = #sym.expr<"36*batch">} : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<6x6xf32>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("MatMul_2")
      %s2, %seen = "electronic.region"(%m) ({
      ^bb0(%m_1: tensor<?x6xf32, #sym.dims<batch, 6>>):
        %s2_1 = "onnx.Tanh"(%m_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Tanh_3")
        %seen_1 = "onnx.Identity"(%s2_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Identity_4")
        "electronic.yield"(%s2_1, %seen_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Tanh); HG2002: moves or reshapes data (Identity)", work = #electronic.work<transcendental = #sym.expr<"6*batch">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) loc("Tanh_3")
      "control.yield"(%c2, %s2, %seen) : (tensor<i1>, tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }) {trips = #sym.expr<"trips_Loop_0">} : (tensor<i64>, none, tensor<?x6xf32, #sym.dims<batch, 6>>) -> (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x?x6xf32, #sym.dims<n_, batch, 6>>) loc("Loop_0")
    func.return %y, %all : tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x?x6xf32, #sym.dims<n_, batch, 6>>
  }
}

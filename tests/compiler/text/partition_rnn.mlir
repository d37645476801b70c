// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x?x4xf32, #sym.dims<time, batch, 4>>) -> (tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) attributes {helio.inputs = ["x"], helio.outputs = ["y", "yh"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<1x5x4xf32>
    %r = "helio.weight"() {ref = #helio.weight<"r">} : () -> tensor<1x5x5xf32>
    %b = "helio.weight"() {ref = #helio.weight<"b", data = "7ebaa0be6ca0ba3fbfe9fa3ff99be63f5255a83f91fab63e2faa9abffaf391bbbe0e283f07e9a4bf">} : () -> tensor<1x10xf32>
    %y, %yh = "onnx.RNN"(%x, %w, %r, %b) {direction = "forward", hidden_size = 5} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>, tensor<1x5x4xf32>, tensor<1x5x5xf32>, tensor<1x10xf32>) -> (tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) loc("rnn_y")
    func.return %y, %yh : tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x?x4xf32, #sym.dims<time, batch, 4>>) -> (tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) attributes {helio.inputs = ["x"], helio.outputs = ["y", "yh"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<1x5x4xf32>
    %r = "helio.weight"() {ref = #helio.weight<"r">} : () -> tensor<1x5x5xf32>
    %0:2 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<?x?x4xf32, #sym.dims<time, batch, 4>>):
      %b = "helio.weight"() {ref = #helio.weight<"b", data = "7ebaa0be6ca0ba3fbfe9fa3ff99be63f5255a83f91fab63e2faa9abffaf391bbbe0e283f07e9a4bf">} : () -> tensor<1x10xf32>
      %1 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.05000000000000000500000000000000", data = "05000000000000000500000000000000">} : () -> tensor<2xi64> loc("rnn_y")
      %2:2 = "onnx.Split"(%b, %1) {axis = 1} : (tensor<1x10xf32>, tensor<2xi64>) -> (tensor<1x5xf32>, tensor<1x5xf32>) loc("rnn_y::Split_2")
      %3 = "onnx.Add"(%2#0, %2#1) : (tensor<1x5xf32>, tensor<1x5xf32>) -> tensor<1x5xf32> loc("rnn_y::Add_3")
      %4 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %5 = "onnx.Unsqueeze"(%3, %4) : (tensor<1x5xf32>, tensor<1xi64>) -> tensor<1x1x5xf32> loc("rnn_y::Unsqueeze_5")
      %6 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %7 = "onnx.Unsqueeze"(%5, %6) : (tensor<1x1x5xf32>, tensor<1xi64>) -> tensor<1x1x1x5xf32> loc("rnn_y::Unsqueeze_7")
      %8 = "onnx.Shape"(%x_1) {start = 1, end = 2} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>) -> tensor<1xi64> loc("rnn_y::Shape_11")
      %9 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %10 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0500000000000000", data = "0500000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %11 = "onnx.Concat"(%9, %8, %10) {axis = 0} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64> loc("rnn_y::Concat_14")
      %12 = "onnx.ConstantOfShape"(%11) : (tensor<3xi64>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::ConstantOfShape_15")
      "electronic.yield"(%7, %12) : (tensor<1x1x1x5xf32>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Add); HG2002: moves or reshapes data (Split, Unsqueeze, Shape, Concat, ConstantOfShape)", work = #electronic.work<elementwise = 5, moved_bytes = 64>} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>) -> (tensor<1x1x1x5xf32>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) loc("rnn_y::Split_2")
    %13 = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"time">, #sym.expr<"batch">], k = [4], n = [5]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"0, n0, k0">, out = #optical.map<"0, m0, m1, n0">, combine = "store", macs = #sym.expr<"20*batch*time">} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>, tensor<1x5x4xf32>) -> tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>> loc("rnn_y::input")
    %14 = "electronic.region"(%13, %0#0) ({
    ^bb0(%15: tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>, %16: tensor<1x1x1x5xf32>):
      %17 = "onnx.Add"(%15, %16) : (tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>, tensor<1x1x1x5xf32>) -> tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>> loc("rnn_y::Add_8")
      %18 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %19 = "onnx.Squeeze"(%17, %18) : (tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>, tensor<1xi64>) -> tensor<?x?x5xf32, #sym.dims<time, batch, 5>> loc("rnn_y::Squeeze_10")
      "electronic.yield"(%19) : (tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Add); HG2002: moves or reshapes data (Squeeze)", work = #electronic.work<elementwise = #sym.expr<"5*batch*time">>} : (tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>, tensor<1x1x1x5xf32>) -> tensor<?x?x5xf32, #sym.dims<time, batch, 5>> loc("rnn_y::Add_8")
    %20:2 = "control.scan"(%0#1, %14) ({
    ^bb0(%state0: tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, %x0: tensor<?x5xf32, #sym.dims<batch, 5>>):
      %21 = "electronic.region"(%x0) ({
      ^bb0(%x0_1: tensor<?x5xf32, #sym.dims<batch, 5>>):
        %22 = "helio.weight"() {ref = #helio.weight<"rnn_y::step.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("rnn_y::step")
        %23 = "onnx.Unsqueeze"(%x0_1, %22) : (tensor<?x5xf32, #sym.dims<batch, 5>>, tensor<1xi64>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Unsqueeze_1")
        "electronic.yield"(%23) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> ()
      }) {why = "HG2002: moves or reshapes data (Unsqueeze)", work = #electronic.work} : (tensor<?x5xf32, #sym.dims<batch, 5>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Unsqueeze_1")
      %24 = "optical.gemm"(%state0, %r) {space = #optical.space<m = [#sym.expr<"batch">], k = [5], n = [5]>, lhs = #optical.map<"0, m0, k0">, rhs = #optical.map<"0, n0, k0">, out = #optical.map<"0, m0, n0">, combine = "store", macs = #sym.expr<"25*batch">} : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1x5x5xf32>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::recurrent_2")
      %25:2 = "electronic.region"(%24, %21) ({
      ^bb0(%26: tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, %27: tensor<1x?x5xf32, #sym.dims<1, batch, 5>>):
        %28 = "onnx.Add"(%26, %27) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Add_3")
        %29 = "onnx.Tanh"(%28) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Tanh_4")
        %30 = "helio.weight"() {ref = #helio.weight<"rnn_y::step.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("rnn_y::step")
        %31 = "onnx.Squeeze"(%29, %30) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1xi64>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("rnn_y::step::Squeeze_6")
        "electronic.yield"(%29, %31) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x5xf32, #sym.dims<batch, 5>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Add, Tanh); HG2002: moves or reshapes data (Squeeze)", work = #electronic.work<elementwise = #sym.expr<"5*batch">, transcendental = #sym.expr<"5*batch">>} : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x5xf32, #sym.dims<batch, 5>>) loc("rnn_y::step::Add_3")
      "control.yield"(%25#0, %25#1) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x5xf32, #sym.dims<batch, 5>>) -> ()
    }) {num_scan_inputs = 1, scan_input_directions = array<i64: 0>, scan_output_directions = array<i64: 0>, trips = #sym.expr<"time">} : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) -> (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) loc("rnn_y::steps")
    %32 = "electronic.region"(%20#1) ({
    ^bb0(%33: tensor<?x?x5xf32, #sym.dims<time, batch, 5>>):
      %34 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %35 = "onnx.Unsqueeze"(%33, %34) : (tensor<?x?x5xf32, #sym.dims<time, batch, 5>>, tensor<1xi64>) -> tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>> loc("rnn_y::Unsqueeze_18")
      "electronic.yield"(%35) : (tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>) -> ()
    }) {why = "HG2002: moves or reshapes data (Unsqueeze)", work = #electronic.work} : (tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) -> tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>> loc("rnn_y::Unsqueeze_18")
    func.return %32, %20#0 : tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>
  }
}

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
    %0 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<?x?x4xf32, #sym.dims<time, batch, 4>>):
      %1 = "onnx.Shape"(%x_1) {start = 1, end = 2} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>) -> tensor<1xi64> loc("rnn_y::Shape_11")
      %2 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %3 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0500000000000000", data = "0500000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %4 = "onnx.Concat"(%2, %1, %3) {axis = 0} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64> loc("rnn_y::Concat_14")
      %5 = "onnx.ConstantOfShape"(%4) : (tensor<3xi64>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::ConstantOfShape_15")
      "electronic.yield"(%5) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> ()
    }) {why = "HG2002: moves or reshapes data (Shape, Concat, ConstantOfShape)", work = #electronic.work<moved_bytes = 24>} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::Shape_11")
    %6 = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"time">, #sym.expr<"batch">], k = [4], n = [5]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"0, n0, k0">, out = #optical.map<"0, m0, m1, n0">, combine = "store", macs = #sym.expr<"20*batch*time">} : (tensor<?x?x4xf32, #sym.dims<time, batch, 4>>, tensor<1x5x4xf32>) -> tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>> loc("rnn_y::input")
    %7 = "electronic.region"(%6) ({
    ^bb0(%8: tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>):
      %b = "helio.weight"() {ref = #helio.weight<"b", data = "7ebaa0be6ca0ba3fbfe9fa3ff99be63f5255a83f91fab63e2faa9abffaf391bbbe0e283f07e9a4bf">} : () -> tensor<1x10xf32>
      %9 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.05000000000000000500000000000000", data = "05000000000000000500000000000000">} : () -> tensor<2xi64> loc("rnn_y")
      %10:2 = "onnx.Split"(%b, %9) {axis = 1} : (tensor<1x10xf32>, tensor<2xi64>) -> (tensor<1x5xf32>, tensor<1x5xf32>) loc("rnn_y::Split_2")
      %11 = "onnx.Add"(%10#0, %10#1) : (tensor<1x5xf32>, tensor<1x5xf32>) -> tensor<1x5xf32> loc("rnn_y::Add_3")
      %12 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %13 = "onnx.Unsqueeze"(%11, %12) : (tensor<1x5xf32>, tensor<1xi64>) -> tensor<1x1x5xf32> loc("rnn_y::Unsqueeze_5")
      %14 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %15 = "onnx.Unsqueeze"(%13, %14) : (tensor<1x1x5xf32>, tensor<1xi64>) -> tensor<1x1x1x5xf32> loc("rnn_y::Unsqueeze_7")
      %16 = "onnx.Add"(%8, %15) : (tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>, tensor<1x1x1x5xf32>) -> tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>> loc("rnn_y::Add_8")
      %17 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %18 = "onnx.Squeeze"(%16, %17) : (tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>, tensor<1xi64>) -> tensor<?x?x5xf32, #sym.dims<time, batch, 5>> loc("rnn_y::Squeeze_10")
      "electronic.yield"(%18) : (tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Add); HG2002: moves or reshapes data (Split, Unsqueeze, Squeeze)", work = #electronic.work<elementwise = #sym.expr<"5*batch*time + 5">, moved_bytes = 40>} : (tensor<1x?x?x5xf32, #sym.dims<1, time, batch, 5>>) -> tensor<?x?x5xf32, #sym.dims<time, batch, 5>> loc("rnn_y::Split_2")
    %19:2 = "control.scan"(%0, %7) ({
    ^bb0(%state0: tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, %x0: tensor<?x5xf32, #sym.dims<batch, 5>>):
      %20 = "electronic.region"(%x0) ({
      ^bb0(%x0_1: tensor<?x5xf32, #sym.dims<batch, 5>>):
        %21 = "helio.weight"() {ref = #helio.weight<"rnn_y::step.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("rnn_y::step")
        %22 = "onnx.Unsqueeze"(%x0_1, %21) : (tensor<?x5xf32, #sym.dims<batch, 5>>, tensor<1xi64>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Unsqueeze_1")
        "electronic.yield"(%22) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> ()
      }) {why = "HG2002: moves or reshapes data (Unsqueeze)", work = #electronic.work} : (tensor<?x5xf32, #sym.dims<batch, 5>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Unsqueeze_1")
      %23 = "optical.gemm"(%state0, %r) {space = #optical.space<m = [#sym.expr<"batch">], k = [5], n = [5]>, lhs = #optical.map<"0, m0, k0">, rhs = #optical.map<"0, n0, k0">, out = #optical.map<"0, m0, n0">, combine = "store", macs = #sym.expr<"25*batch">} : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1x5x5xf32>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::recurrent_2")
      %24:2 = "electronic.region"(%23, %20) ({
      ^bb0(%25: tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, %26: tensor<1x?x5xf32, #sym.dims<1, batch, 5>>):
        %27 = "onnx.Add"(%25, %26) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Add_3")
        %28 = "onnx.Tanh"(%27) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> tensor<1x?x5xf32, #sym.dims<1, batch, 5>> loc("rnn_y::step::Tanh_4")
        %29 = "helio.weight"() {ref = #helio.weight<"rnn_y::step.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("rnn_y::step")
        %30 = "onnx.Squeeze"(%28, %29) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1xi64>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("rnn_y::step::Squeeze_6")
        "electronic.yield"(%28, %30) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x5xf32, #sym.dims<batch, 5>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Add, Tanh); HG2002: moves or reshapes data (Squeeze)", work = #electronic.work<elementwise = #sym.expr<"5*batch">, transcendental = #sym.expr<"5*batch">>} : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>) -> (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x5xf32, #sym.dims<batch, 5>>) loc("rnn_y::step::Add_3")
      "control.yield"(%24#0, %24#1) : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x5xf32, #sym.dims<batch, 5>>) -> ()
    }) {num_scan_inputs = 1, scan_input_directions = array<i64: 0>, scan_output_directions = array<i64: 0>, trips = #sym.expr<"time">} : (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) -> (tensor<1x?x5xf32, #sym.dims<1, batch, 5>>, tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) loc("rnn_y::steps")
    %31 = "electronic.region"(%19#1) ({
    ^bb0(%32: tensor<?x?x5xf32, #sym.dims<time, batch, 5>>):
      %33 = "helio.weight"() {ref = #helio.weight<"rnn_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("rnn_y")
      %34 = "onnx.Unsqueeze"(%32, %33) : (tensor<?x?x5xf32, #sym.dims<time, batch, 5>>, tensor<1xi64>) -> tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>> loc("rnn_y::Unsqueeze_18")
      "electronic.yield"(%34) : (tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>) -> ()
    }) {why = "HG2002: moves or reshapes data (Unsqueeze)", work = #electronic.work} : (tensor<?x?x5xf32, #sym.dims<time, batch, 5>>) -> tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>> loc("rnn_y::Unsqueeze_18")
    func.return %31, %19#0 : tensor<?x1x?x5xf32, #sym.dims<time, 1, batch, 5>>, tensor<1x?x5xf32, #sym.dims<1, batch, 5>>
  }
}

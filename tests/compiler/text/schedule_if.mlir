// pass: schedule
// target: awgr8-28g
module @agraph attributes {helio.level = "tiled", helio.opsets = {onnx = 20}, helio.target = "awgr8-28g"} {
  func.func private @gemm_k6_n6_f32(%x: tensor<?x?x6xf32, #sym.dims<b, m, 6>>, %w: tensor<?x6x6xf32, #sym.dims<b, 6, 6>>) -> tensor<?x?x6xf32, #sym.dims<b, m, 6>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x6x6xf32, #sym.dims<b, 6, 6>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x6xf32, #sym.dims<b, m, 6>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row">, wdm = #optical.wdm<center_nm = 1550.0, step_nm = 0.8, fsr_nm = 12.8, orders = 1, ports = [8, 8]>} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask"} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 6, 6], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> tensor<?x?x6xf32, #sym.dims<b, m, 6>>
    func.return %y : tensor<?x?x6xf32, #sym.dims<b, m, 6>>
  }
  func.func @main(%which: tensor<i1>, %x: tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> attributes {helio.inputs = ["which", "x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x6xf32>
    %h = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<?x6xf32, #sym.dims<batch, 6>>):
      %h_1 = "onnx.Relu"(%x_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Relu_0")
      "electronic.yield"(%h_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Relu)", work = #electronic.work<elementwise = #sym.expr<"6*batch">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Relu_0")
    %y = "control.if"(%which) ({
      %0 = "tile.gather"(%h) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"6*batch">, reduce = #sym.expr<"6*batch">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<1x?x6xf32, #sym.dims<1, batch, 6>> loc("MatMul_2")
      %1 = "tile.gather"(%w) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work} : (tensor<6x6xf32>) -> tensor<1x6x6xf32> loc("MatMul_2")
      %2 = "helio.call"(%0, %1) {callee = @gemm_k6_n6_f32, layer = 0, macs = #sym.expr<"36*batch">} : (tensor<1x?x6xf32, #sym.dims<1, batch, 6>>, tensor<1x6x6xf32>) -> tensor<1x?x6xf32, #sym.dims<1, batch, 6>> loc("MatMul_2")
      %m = "tile.scatter"(%2) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"6*batch">>} : (tensor<1x?x6xf32, #sym.dims<1, batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("MatMul_2")
      %a = "electronic.region"(%m, %h) ({
      ^bb0(%m_1: tensor<?x6xf32, #sym.dims<batch, 6>>, %h_2: tensor<?x6xf32, #sym.dims<batch, 6>>):
        %a_1 = "onnx.Add"(%m_1, %h_2) : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Add_3")
        "electronic.yield"(%a_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Add)", work = #electronic.work<elementwise = #sym.expr<"6*batch">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Add_3")
      "control.yield"(%a) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }, {
      %b = "electronic.region"(%h) ({
      ^bb0(%h_3: tensor<?x6xf32, #sym.dims<batch, 6>>):
        %b_1 = "onnx.Neg"(%h_3) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Neg_4")
        "electronic.yield"(%b_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Neg)", work = #electronic.work<elementwise = #sym.expr<"6*batch">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Neg_4")
      "control.yield"(%b) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }) : (tensor<i1>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("If_1")
    func.return %y : tensor<?x6xf32, #sym.dims<batch, 6>>
  }
}
// ---- becomes ----
module @agraph attributes {helio.level = "scheduled", helio.opsets = {onnx = 20}, helio.target = "awgr8-28g"} {
  "sched.resource"() {sym_name = "electronics", kind = "electronics", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "uplink", kind = "fibre", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "downlink", kind = "fibre", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "modulators", kind = "transmitter", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "banks", kind = "weights", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "opus", kind = "processor", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "receivers", kind = "receiver", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "sequencer", kind = "control", count = 1, site = "edge"} : () -> ()
  func.func private @gemm_k6_n6_f32(%x: tensor<?x?x6xf32, #sym.dims<b, m, 6>>, %w: tensor<?x6x6xf32, #sym.dims<b, 6, 6>>) -> tensor<?x?x6xf32, #sym.dims<b, m, 6>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, slot = #sched.slot<on = @banks, at_ps = 0, for_ps = 10000000>} : (tensor<?x6x6xf32, #sym.dims<b, 6, 6>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x6xf32, #sym.dims<b, m, 6>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row">, wdm = #optical.wdm<center_nm = 1550.0, step_nm = 0.8, fsr_nm = 12.8, orders = 1, ports = [8, 8]>, slot = #sched.slot<on = @modulators, at_ps = 0, for_ps = 36>} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) {slot = #sched.slot<on = @opus, at_ps = 0, for_ps = 36>} : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>, slot = #sched.slot<on = @receivers, at_ps = 0, for_ps = 36>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask", timing = #sched.loop<at_ps = 10000000, trips = #sym.expr<"m">, ii_ps = 320, drain_ps = 3548, per = 9>} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 6, 6], step = [1, 8, 8], tail = "zero", reduce = ["k"], timing = #sched.loop<at_ps = 0, trips = #sym.expr<"b">, ii_ps = #sym.expr<"ceildiv(320*m, 9) + 10000000">, drain_ps = 3548>} : () -> tensor<?x?x6xf32, #sym.dims<b, m, 6>>
    func.return %y : tensor<?x?x6xf32, #sym.dims<b, m, 6>>
  }
  func.func @main(%which: tensor<i1>, %x: tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> attributes {helio.inputs = ["which", "x"], helio.outputs = ["y"], makespan_ps = #sym.expr<"510*batch + ceildiv(320*batch, 9) + 59403548">} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<6x6xf32>
    %h = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<?x6xf32, #sym.dims<batch, 6>>):
      %h_1 = "onnx.Relu"(%x_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Relu_0")
      "electronic.yield"(%h_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Relu)", work = #electronic.work<elementwise = #sym.expr<"6*batch">>, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = #sym.expr<"6*batch + 100000">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Relu_0")
    %y = "control.if"(%which) ({
      %0 = "tile.gather"(%h) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"6*batch">, reduce = #sym.expr<"6*batch">>, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = #sym.expr<"12*batch + 100000">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<1x?x6xf32, #sym.dims<1, batch, 6>> loc("MatMul_2")
      %1 = "tile.gather"(%w) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"12*batch + 100000">, for_ps = 0>} : (tensor<6x6xf32>) -> tensor<1x6x6xf32> loc("MatMul_2")
      %2 = "sched.send"(%0) {medium = "light", to = "center", bits = 0, delay_ps = 24500000, slot = #sched.slot<on = @uplink, at_ps = #sym.expr<"12*batch + 100000">, for_ps = 0>} : (tensor<1x?x6xf32, #sym.dims<1, batch, 6>>) -> tensor<1x?x6xf32, #sym.dims<1, batch, 6>> loc("MatMul_2")
      %3 = "helio.call"(%2, %1) {callee = @gemm_k6_n6_f32, layer = 0, macs = #sym.expr<"36*batch">, slot = #sched.slot<on = @opus, at_ps = #sym.expr<"12*batch + 24600000">, for_ps = #sym.expr<"ceildiv(320*batch, 9) + 10003548">>} : (tensor<1x?x6xf32, #sym.dims<1, batch, 6>>, tensor<1x6x6xf32>) -> tensor<1x?x6xf32, #sym.dims<1, batch, 6>> loc("MatMul_2")
      %4 = "sched.send"(%3) {medium = "digital", to = "edge", bits = #sym.expr<"192*batch">, delay_ps = 24500000, slot = #sched.slot<on = @downlink, at_ps = #sym.expr<"12*batch + ceildiv(320*batch, 9) + 34603548">, for_ps = #sym.expr<"480*batch">>} : (tensor<1x?x6xf32, #sym.dims<1, batch, 6>>) -> tensor<1x?x6xf32, #sym.dims<1, batch, 6>> loc("MatMul_2")
      %m = "tile.scatter"(%4) {space = #optical.space<m = [#sym.expr<"batch">], k = [6], n = [6]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"6*batch">>, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"492*batch + ceildiv(320*batch, 9) + 59103548">, for_ps = #sym.expr<"6*batch + 100000">>} : (tensor<1x?x6xf32, #sym.dims<1, batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("MatMul_2")
      %a = "electronic.region"(%m, %h) ({
      ^bb0(%m_1: tensor<?x6xf32, #sym.dims<batch, 6>>, %h_2: tensor<?x6xf32, #sym.dims<batch, 6>>):
        %a_1 = "onnx.Add"(%m_1, %h_2) : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Add_3")
        "electronic.yield"(%a_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Add)", work = #electronic.work<elementwise = #sym.expr<"6*batch">>, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"498*batch + ceildiv(320*batch, 9) + 59203548">, for_ps = #sym.expr<"6*batch + 100000">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>, tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Add_3")
      "control.yield"(%a) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }, {
      %b = "electronic.region"(%h) ({
      ^bb0(%h_3: tensor<?x6xf32, #sym.dims<batch, 6>>):
        %b_1 = "onnx.Neg"(%h_3) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Neg_4")
        "electronic.yield"(%b_1) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
      }) {why = "HG2001: nonlinear or elementwise (Neg)", work = #electronic.work<elementwise = #sym.expr<"6*batch">>, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = #sym.expr<"6*batch + 100000">>} : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("Neg_4")
      "control.yield"(%b) : (tensor<?x6xf32, #sym.dims<batch, 6>>) -> ()
    }) {body_ps = [#sym.expr<"504*batch + ceildiv(320*batch, 9) + 59303548">, #sym.expr<"6*batch + 100000">], slot = #sched.slot<on = @sequencer, at_ps = #sym.expr<"6*batch + 100000">, for_ps = #sym.expr<"504*batch + ceildiv(320*batch, 9) + 59303548">>} : (tensor<i1>) -> tensor<?x6xf32, #sym.dims<batch, 6>> loc("If_1")
    func.return %y : tensor<?x6xf32, #sym.dims<batch, 6>>
  }
}

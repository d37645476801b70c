// pass: partition,quantize,tile,schedule
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<4x12xf32>) -> tensor<4x9xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
    %s = "helio.weight"() {ref = #helio.weight<"s">} : () -> tensor<9xf32>
    %b = "helio.weight"() {ref = #helio.weight<"b">} : () -> tensor<9xi32>
    %wd = "onnx.DequantizeLinear"(%w, %s) {axis = 1} : (tensor<12x9xi8>, tensor<9xf32>) -> tensor<12x9xf32> loc("w")
    %bd = "onnx.DequantizeLinear"(%b, %s) {axis = 0} : (tensor<9xi32>, tensor<9xf32>) -> tensor<9xf32> loc("b")
    %m = "onnx.MatMul"(%x, %wd) : (tensor<4x12xf32>, tensor<12x9xf32>) -> tensor<4x9xf32> loc("product")
    %y = "onnx.Add"(%m, %bd) : (tensor<4x9xf32>, tensor<9xf32>) -> tensor<4x9xf32> loc("bias")
    %dead = "onnx.Neg"(%m) : (tensor<4x9xf32>) -> tensor<4x9xf32> loc("dead")
    func.return %y : tensor<4x9xf32>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "scheduled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  "sched.resource"() {sym_name = "electronics", kind = "electronics", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "uplink", kind = "fibre", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "downlink", kind = "fibre", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "modulators", kind = "transmitter", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "banks", kind = "weights", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "opus", kind = "processor", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "receivers", kind = "receiver", count = 1, site = "center"} : () -> ()
  func.func private @gemm_k12_n9_f32(%x: tensor<?x?x12xf32, #sym.dims<b, m, 12>>, %w: tensor<?x12x9xf32, #sym.dims<b, 12, 9>>) -> tensor<?x?x9xf32, #sym.dims<b, m, 9>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, slot = #sched.slot<on = @banks, at_ps = 0, for_ps = 10000000>} : (tensor<?x12x9xf32, #sym.dims<b, 12, 9>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x12xf32, #sym.dims<b, m, 12>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, slot = #sched.slot<on = @modulators, at_ps = 0, for_ps = 36>} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) {slot = #sched.slot<on = @opus, at_ps = 0, for_ps = 36>} : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>, slot = #sched.slot<on = @receivers, at_ps = 0, for_ps = 36>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask", timing = #sched.loop<at_ps = 10000000, trips = #sym.expr<"2*m">, ii_ps = 320, drain_ps = 3548, per = 9>} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 9, 12], step = [1, 8, 8], tail = "zero", reduce = ["k"], timing = #sched.loop<at_ps = 0, trips = #sym.expr<"4*b">, ii_ps = #sym.expr<"ceildiv(640*m, 9) + 10000000">, drain_ps = 3548>} : () -> tensor<?x?x9xf32, #sym.dims<b, m, 9>>
    func.return %y : tensor<?x?x9xf32, #sym.dims<b, m, 9>>
  }
  func.func @main(%x: tensor<4x12xf32>) -> tensor<4x9xf32> attributes {helio.inputs = ["x"], helio.outputs = ["y"], makespan_ps = 89307853} {
    %wd = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x9xi8>
      %s = "helio.weight"() {ref = #helio.weight<"s">} : () -> tensor<9xf32>
      %wd_1 = "onnx.DequantizeLinear"(%w, %s) {axis = 1} : (tensor<12x9xi8>, tensor<9xf32>) -> tensor<12x9xf32> loc("w")
      "electronic.yield"(%wd_1) : (tensor<12x9xf32>) -> ()
    }) {why = "HG2002: computed once from constants (DequantizeLinear)", work = #electronic.work, preparation = #electronic.work<elementwise = 108>, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = 0>} : () -> tensor<12x9xf32> loc("w")
    %0 = "tile.gather"(%x) {space = #optical.space<m = [4], k = [12], n = [9]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = 48, reduce = 48>, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = 100096>} : (tensor<4x12xf32>) -> tensor<1x4x12xf32> loc("product")
    %1 = "tile.gather"(%wd) {space = #optical.space<m = [4], k = [12], n = [9]>, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work, slot = #sched.slot<on = @electronics, at_ps = 100096, for_ps = 0>} : (tensor<12x9xf32>) -> tensor<1x12x9xf32> loc("product")
    %2 = "sched.send"(%0) {medium = "light", to = "center", bits = 0, delay_ps = 24500000, slot = #sched.slot<on = @uplink, at_ps = 100096, for_ps = 0>} : (tensor<1x4x12xf32>) -> tensor<1x4x12xf32> loc("product")
    %3 = "helio.call"(%2, %1) {callee = @gemm_k12_n9_f32, layer = 0, macs = 432, slot = #sched.slot<on = @opus, at_ps = 24600096, for_ps = 40004688>} : (tensor<1x4x12xf32>, tensor<1x12x9xf32>) -> tensor<1x4x9xf32> loc("product")
    %4 = "sched.send"(%3) {medium = "digital", to = "edge", bits = 1152, delay_ps = 24500000, slot = #sched.slot<on = @downlink, at_ps = 64604784, for_ps = 2880>} : (tensor<1x4x9xf32>) -> tensor<1x4x9xf32> loc("product")
    %m = "tile.scatter"(%4) {space = #optical.space<m = [4], k = [12], n = [9]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = 144>, slot = #sched.slot<on = @electronics, at_ps = 89107664, for_ps = 100144>} : (tensor<1x4x9xf32>) -> tensor<4x9xf32> loc("product")
    %y = "electronic.region"(%m) ({
    ^bb0(%m_1: tensor<4x9xf32>):
      %b = "helio.weight"() {ref = #helio.weight<"b">} : () -> tensor<9xi32>
      %s_1 = "helio.weight"() {ref = #helio.weight<"s">} : () -> tensor<9xf32>
      %bd = "onnx.DequantizeLinear"(%b, %s_1) {axis = 0} : (tensor<9xi32>, tensor<9xf32>) -> tensor<9xf32> loc("b")
      %y_1 = "onnx.Add"(%m_1, %bd) : (tensor<4x9xf32>, tensor<9xf32>) -> tensor<4x9xf32> loc("bias")
      "electronic.yield"(%y_1) : (tensor<4x9xf32>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (DequantizeLinear, Add)", work = #electronic.work<elementwise = 45>, slot = #sched.slot<on = @electronics, at_ps = 89207808, for_ps = 100045>} : (tensor<4x9xf32>) -> tensor<4x9xf32> loc("b")
    func.return %y : tensor<4x9xf32>
  }
}

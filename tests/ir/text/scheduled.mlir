// The scheduled level: the tiled program, with resources, slots and loop timings in picoseconds.
!x = tensor<?x?x64xf32, #sym.dims<b, m, 64>>
!w = tensor<?x64x256xf32, #sym.dims<b, 64, 256>>
!y = tensor<?x?x256xf32, #sym.dims<b, m, 256>>
#s = #optical.space<m = [#sym.expr<"batch">, #sym.expr<"seq">], k = [64], n = [256]>
module @mlp attributes {helio.level = "scheduled", helio.opsets = {onnx = 20}, helio.target = "awgr8-28g"} {
  "sched.resource"() {sym_name = "electronics", kind = "electronics", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "uplink", kind = "fibre", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "modulators", kind = "transmitter", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "banks", kind = "weights", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "opus", kind = "processor", count = 1, site = "center"} : () -> ()
  func.func private @gemm(%x: !x, %w: !w) -> !y {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax">, slot = #sched.slot<on = @banks, at_ps = 0, for_ps = 10000000>} : (!w, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %a = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (!x, index, index, index) -> tensor<1x8xf32>
        %f = "optical.encode"(%a) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, slot = #sched.slot<on = @modulators, at_ps = 0, for_ps = 36>} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %p = "optical.multiply"(%bank, %f) : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %d = "optical.detect"(%p) {adc = #optical.adc<bits = 5.42, range = "calibrated">} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%d, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask", timing = #sched.loop<at_ps = 10000000, trips = #sym.expr<"2*m">, ii_ps = 320, drain_ps = 3548, per = 9>} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 256, 64], step = [1, 8, 8], tail = "zero", reduce = ["k"], timing = #sched.loop<at_ps = 0, trips = #sym.expr<"256*b">, ii_ps = #sym.expr<"ceildiv(640*m, 9) + 10000000">, drain_ps = 3548>} : () -> !y
    func.return %y : !y
  }
  func.func @main(%t: tensor<?x?x64xf32, #sym.dims<batch, seq, 64>>) -> tensor<?x?x256xf32, #sym.dims<batch, seq, 256>> attributes {makespan_ps = #sym.expr<"256*ceildiv(640*batch*seq, 9) + 2560003548">} {
    %c = "helio.weight"() {ref = #helio.weight<"fc.weight", file = "mlp.onnx">} : () -> tensor<64x256xf32>
    %sent = "sched.send"(%t) {medium = "light", to = "center", bits = #sym.expr<"512*batch*seq">, delay_ps = 48970, slot = #sched.slot<on = @uplink, at_ps = 0, for_ps = 1000>} : (tensor<?x?x64xf32, #sym.dims<batch, seq, 64>>) -> tensor<?x?x64xf32, #sym.dims<batch, seq, 64>>
    %0 = "tile.gather"(%sent) {space = #s, map = #optical.map<"m0, m1, k0">, role = "lhs", work = #electronic.work<>, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = #sym.expr<"100*batch*seq">>} : (tensor<?x?x64xf32, #sym.dims<batch, seq, 64>>) -> tensor<1x?x64xf32, #sym.dims<1, "batch*seq", 64>>
    %1 = "tile.gather"(%c) {space = #s, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work, slot = #sched.slot<on = @electronics, at_ps = 0, for_ps = 0>} : (tensor<64x256xf32>) -> tensor<1x64x256xf32>
    %2 = "helio.call"(%0, %1) {callee = @gemm, layer = 0, macs = #sym.expr<"16384*batch*seq">, slot = #sched.slot<on = @opus, at_ps = 2000, for_ps = #sym.expr<"100*batch*seq">>} : (tensor<1x?x64xf32, #sym.dims<1, "batch*seq", 64>>, tensor<1x64x256xf32>) -> tensor<1x?x256xf32, #sym.dims<1, "batch*seq", 256>> loc("/fc/MatMul")
    %3 = "tile.scatter"(%2) {space = #s, map = #optical.map<"m0, m1, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"1792*batch*seq">>, slot = #sched.slot<on = @electronics, at_ps = 3000, for_ps = #sym.expr<"100*batch*seq">>} : (tensor<1x?x256xf32, #sym.dims<1, "batch*seq", 256>>) -> tensor<?x?x256xf32, #sym.dims<batch, seq, 256>> loc("/fc/MatMul")
    func.return %3 : tensor<?x?x256xf32, #sym.dims<batch, seq, 256>>
  }
}

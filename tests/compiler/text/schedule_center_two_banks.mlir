// pass: schedule
// target: awgr8-28g{cloud.electronics_site=center,opu.count=4,opu.weight_banks=2,ring.settle_ns=10}
module @g attributes {helio.level = "tiled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g{cloud.electronics_site=center,opu.count=4,opu.weight_banks=2,ring.settle_ns=10.0}"} {
  func.func private @gemm_k20_n10_f32(%x: tensor<?x?x20xf32, #sym.dims<b, m, 20>>, %w: tensor<?x20x10xf32, #sym.dims<b, 20, 10>>) -> tensor<?x?x10xf32, #sym.dims<b, m, 10>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x20x10xf32, #sym.dims<b, 20, 10>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x20xf32, #sym.dims<b, m, 20>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, wdm = #optical.wdm<center_nm = 1550.0, step_nm = 0.8, fsr_nm = 12.8, orders = 1, ports = [8, 8]>} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask"} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 10, 20], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> tensor<?x?x10xf32, #sym.dims<b, m, 10>>
    func.return %y : tensor<?x?x10xf32, #sym.dims<b, m, 10>>
  }
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %0 = "tile.gather"(%x) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"20*batch">, reduce = #sym.expr<"20*batch">, moved_bytes = #sym.expr<"0">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("gemm")
    %1 = "tile.gather"(%w) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"n0, k0">, role = "rhs", work = #electronic.work} : (tensor<10x20xf32>) -> tensor<1x20x10xf32> loc("gemm")
    %2 = func.call @gemm_k20_n10_f32(%0, %1) {layer = 0, macs = #sym.expr<"200*batch">} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>, tensor<1x20x10xf32>) -> tensor<1x?x10xf32, #sym.dims<1, batch, 10>> loc("gemm")
    %3 = "tile.scatter"(%2) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"60*batch">, moved_bytes = #sym.expr<"0">>} : (tensor<1x?x10xf32, #sym.dims<1, batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    %4 = "electronic.region"(%3) ({
    ^bb0(%5: tensor<?x10xf32, #sym.dims<batch, 10>>):
      %6 = "helio.weight"() {ref = #helio.weight<"gemm.f32.0000003f", data = "0000003f">} : () -> tensor<f32> loc("gemm")
      %7 = "onnx.Mul"(%5, %6) : (tensor<?x10xf32, #sym.dims<batch, 10>>, tensor<f32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "00000000000000000000000000000000000000000000000000000000000000000000000000000000">} : () -> tensor<10xf32>
      %8 = "onnx.Add"(%7, %c) : (tensor<?x10xf32, #sym.dims<batch, 10>>, tensor<10xf32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
      "electronic.yield"(%8) : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>} : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    func.return %4 : tensor<?x10xf32, #sym.dims<batch, 10>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "scheduled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g{cloud.electronics_site=center,opu.count=4,opu.weight_banks=2,ring.settle_ns=10.0}"} {
  "sched.resource"() {sym_name = "electronics", kind = "electronics", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "uplink", kind = "fibre", count = 1, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "downlink", kind = "fibre", count = 1, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "modulators", kind = "transmitter", count = 4, site = "edge"} : () -> ()
  "sched.resource"() {sym_name = "banks", kind = "weights", count = 8, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "opus", kind = "processor", count = 4, site = "center"} : () -> ()
  "sched.resource"() {sym_name = "receivers", kind = "receiver", count = 4, site = "center"} : () -> ()
  func.func private @gemm_k20_n10_f32(%x: tensor<?x?x20xf32, #sym.dims<b, m, 20>>, %w: tensor<?x20x10xf32, #sym.dims<b, 20, 10>>) -> tensor<?x?x10xf32, #sym.dims<b, m, 10>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, slot = #sched.slot<on = @banks, at_ps = 0, for_ps = 10000>} : (tensor<?x20x10xf32, #sym.dims<b, 20, 10>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x20xf32, #sym.dims<b, m, 20>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, wdm = #optical.wdm<center_nm = 1550.0, step_nm = 0.8, fsr_nm = 12.8, orders = 1, ports = [8, 8]>, slot = #sched.slot<on = @modulators, at_ps = 0, for_ps = 36>} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) {slot = #sched.slot<on = @opus, at_ps = 0, for_ps = 36>} : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>, slot = #sched.slot<on = @receivers, at_ps = 0, for_ps = 36>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask", timing = #sched.loop<at_ps = 10000, trips = #sym.expr<"2*m">, ii_ps = 320, drain_ps = 3548, per = 9>} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 10, 20], step = [1, 8, 8], tail = "zero", reduce = ["k"], timing = #sched.loop<at_ps = 0, trips = #sym.expr<"6*b">, ii_ps = #sym.expr<"max(ceildiv(640*m, 9), 10000)">, drain_ps = #sym.expr<"min(ceildiv(640*m, 9), 10000) + 3548">, lanes = 4>} : () -> tensor<?x?x10xf32, #sym.dims<b, m, 10>>
    func.return %y : tensor<?x?x10xf32, #sym.dims<b, m, 10>>
  }
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"], makespan_ps = #sym.expr<"2520*batch + 2*max(ceildiv(640*batch, 9), 10000) + min(ceildiv(640*batch, 9), 10000) + 49303548">} {
    %x_1 = "sched.send"(%x) {medium = "digital", to = "center", bits = #sym.expr<"640*batch">, delay_ps = 24500000, slot = #sched.slot<on = @uplink, at_ps = 0, for_ps = #sym.expr<"1600*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("x")
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %0 = "tile.gather"(%x_1) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"20*batch">, reduce = #sym.expr<"20*batch">>, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"1600*batch + 24500000">, for_ps = #sym.expr<"40*batch + 100000">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("gemm")
    %1 = "tile.gather"(%w) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"n0, k0">, role = "rhs", work = #electronic.work, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"1640*batch + 24600000">, for_ps = 0>} : (tensor<10x20xf32>) -> tensor<1x20x10xf32> loc("gemm")
    %2 = "helio.call"(%0, %1) {callee = @gemm_k20_n10_f32, layer = 0, macs = #sym.expr<"200*batch">, slot = #sched.slot<on = @opus, at_ps = #sym.expr<"1640*batch + 24600000">, for_ps = #sym.expr<"2*max(ceildiv(640*batch, 9), 10000) + min(ceildiv(640*batch, 9), 10000) + 3548">>} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>, tensor<1x20x10xf32>) -> tensor<1x?x10xf32, #sym.dims<1, batch, 10>> loc("gemm")
    %3 = "tile.scatter"(%2) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"60*batch">>, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"1640*batch + 2*max(ceildiv(640*batch, 9), 10000) + min(ceildiv(640*batch, 9), 10000) + 24603548">, for_ps = #sym.expr<"60*batch + 100000">>} : (tensor<1x?x10xf32, #sym.dims<1, batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    %4 = "electronic.region"(%3) ({
    ^bb0(%5: tensor<?x10xf32, #sym.dims<batch, 10>>):
      %6 = "helio.weight"() {ref = #helio.weight<"gemm.f32.0000003f", data = "0000003f">} : () -> tensor<f32> loc("gemm")
      %7 = "onnx.Mul"(%5, %6) : (tensor<?x10xf32, #sym.dims<batch, 10>>, tensor<f32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "00000000000000000000000000000000000000000000000000000000000000000000000000000000">} : () -> tensor<10xf32>
      %8 = "onnx.Add"(%7, %c) : (tensor<?x10xf32, #sym.dims<batch, 10>>, tensor<10xf32>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
      "electronic.yield"(%8) : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>, slot = #sched.slot<on = @electronics, at_ps = #sym.expr<"1700*batch + 2*max(ceildiv(640*batch, 9), 10000) + min(ceildiv(640*batch, 9), 10000) + 24703548">, for_ps = #sym.expr<"20*batch + 100000">>} : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
    %9 = "sched.send"(%4) {medium = "digital", to = "edge", bits = #sym.expr<"320*batch">, delay_ps = 24500000, slot = #sched.slot<on = @downlink, at_ps = #sym.expr<"1720*batch + 2*max(ceildiv(640*batch, 9), 10000) + min(ceildiv(640*batch, 9), 10000) + 24803548">, for_ps = #sym.expr<"800*batch">>} : (tensor<?x10xf32, #sym.dims<batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>>
    func.return %9 : tensor<?x10xf32, #sym.dims<batch, 10>>
  }
}

// pass: assign-wavelengths
// target: awgr8-28g{opu.fsr_orders=2}
module @g attributes {helio.level = "tiled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g{opu.fsr_orders=2}"} {
  func.func private @gemm_k20_n10_f32(%x: tensor<?x?x20xf32, #sym.dims<b, m, 20>>, %w: tensor<?x20x10xf32, #sym.dims<b, 20, 10>>) -> tensor<?x?x10xf32, #sym.dims<b, m, 10>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x20x10xf32, #sym.dims<b, 20, 10>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x20xf32, #sym.dims<b, m, 20>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">} : (tensor<1x8xf32>) -> !optical.field<1, 8>
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
module @g attributes {helio.level = "tiled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g{opu.fsr_orders=2}"} {
  func.func private @gemm_k20_n10_f32(%x: tensor<?x?x20xf32, #sym.dims<b, m, 20>>, %w: tensor<?x20x10xf32, #sym.dims<b, 20, 10>>) -> tensor<?x?x10xf32, #sym.dims<b, m, 10>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x20x10xf32, #sym.dims<b, 20, 10>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [2, 8]} : (tensor<?x?x20xf32, #sym.dims<b, m, 20>>, index, index, index) -> tensor<2x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, wdm = #optical.wdm<center_nm = 1550.0, step_nm = 0.8, fsr_nm = 12.8, orders = 2, ports = [8, 8]>} : (tensor<2x8xf32>) -> !optical.field<2, 8>
        %2 = "optical.multiply"(%bank, %1) : (!optical.bank<8, 8>, !optical.field<2, 8>) -> !optical.field<2, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>} : (!optical.field<2, 8>) -> tensor<2x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<2x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [2], tail = "mask"} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 10, 20], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> tensor<?x?x10xf32, #sym.dims<b, m, 10>>
    func.return %y : tensor<?x?x10xf32, #sym.dims<b, m, 10>>
  }
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<10x20xf32>
    %0 = "tile.gather"(%x) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"20*batch">, reduce = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("gemm")
    %1 = "tile.gather"(%w) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"n0, k0">, role = "rhs", work = #electronic.work} : (tensor<10x20xf32>) -> tensor<1x20x10xf32> loc("gemm")
    %2 = "helio.call"(%0, %1) {callee = @gemm_k20_n10_f32, layer = 0, macs = #sym.expr<"200*batch">} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>, tensor<1x20x10xf32>) -> tensor<1x?x10xf32, #sym.dims<1, batch, 10>> loc("gemm")
    %3 = "tile.scatter"(%2) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [10]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"60*batch">>} : (tensor<1x?x10xf32, #sym.dims<1, batch, 10>>) -> tensor<?x10xf32, #sym.dims<batch, 10>> loc("gemm")
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

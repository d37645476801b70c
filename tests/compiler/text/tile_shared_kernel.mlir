// pass: tile
// target: awgr8-28g
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> attributes {helio.inputs = ["x"], helio.outputs = ["z"]} {
    %w0 = "helio.weight"() {ref = #helio.weight<"w0">} : () -> tensor<20x20xf32>
    %w1 = "helio.weight"() {ref = #helio.weight<"w1">} : () -> tensor<20x20xf32>
    %w2 = "helio.weight"() {ref = #helio.weight<"w2">} : () -> tensor<20x20xf32>
    %0 = "optical.gemm"(%x, %w0) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = #sym.expr<"400*batch">, lhs_quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, rhs_quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, adc = #optical.adc<bits = 5.42>} : (tensor<?x20xf32, #sym.dims<batch, 20>>, tensor<20x20xf32>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("first")
    %r = "electronic.region"(%0) ({
    ^bb0(%1: tensor<?x20xf32, #sym.dims<batch, 20>>):
      %r_1 = "onnx.Relu"(%1) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu")
      "electronic.yield"(%r_1) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Relu)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu")
    %2 = "optical.gemm"(%r, %w1) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = #sym.expr<"400*batch">, lhs_quant = #optical.quant<bits = 8, axis = "row">, rhs_quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, adc = #optical.adc<bits = 5.42>} : (tensor<?x20xf32, #sym.dims<batch, 20>>, tensor<20x20xf32>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("second")
    %s = "electronic.region"(%2) ({
    ^bb0(%3: tensor<?x20xf32, #sym.dims<batch, 20>>):
      %s_1 = "onnx.Relu"(%3) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu2")
      "electronic.yield"(%s_1) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Relu)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu2")
    %4 = "optical.gemm"(%s, %w2) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, n0">, combine = "store", macs = #sym.expr<"400*batch">, lhs_quant = #optical.quant<bits = 8, axis = "row">, rhs_quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, adc = #optical.adc<bits = 5.42>} : (tensor<?x20xf32, #sym.dims<batch, 20>>, tensor<20x20xf32>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("third")
    func.return %4 : tensor<?x20xf32, #sym.dims<batch, 20>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "tiled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func private @gemm_k20_n20_f32(%x: tensor<?x?x20xf32, #sym.dims<b, m, 20>>, %w: tensor<?x20x20xf32, #sym.dims<b, 20, 20>>) -> tensor<?x?x20xf32, #sym.dims<b, m, 20>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x20x20xf32, #sym.dims<b, 20, 20>>, index, index, index) -> !optical.bank<8, 8>
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
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 20, 20], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> tensor<?x?x20xf32, #sym.dims<b, m, 20>>
    func.return %y : tensor<?x?x20xf32, #sym.dims<b, m, 20>>
  }
  func.func private @gemm_k20_n20_f32_1(%x: tensor<?x?x20xf32, #sym.dims<b, m, 20>>, %w: tensor<?x20x20xf32, #sym.dims<b, 20, 20>>) -> tensor<?x?x20xf32, #sym.dims<b, m, 20>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x20x20xf32, #sym.dims<b, 20, 20>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x20xf32, #sym.dims<b, m, 20>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row">} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask"} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 20, 20], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> tensor<?x?x20xf32, #sym.dims<b, m, 20>>
    func.return %y : tensor<?x?x20xf32, #sym.dims<b, m, 20>>
  }
  func.func @main(%x: tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> attributes {helio.inputs = ["x"], helio.outputs = ["z"]} {
    %w0 = "helio.weight"() {ref = #helio.weight<"w0">} : () -> tensor<20x20xf32>
    %w1 = "helio.weight"() {ref = #helio.weight<"w1">} : () -> tensor<20x20xf32>
    %w2 = "helio.weight"() {ref = #helio.weight<"w2">} : () -> tensor<20x20xf32>
    %0 = "tile.gather"(%x) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"20*batch">, reduce = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("first")
    %1 = "tile.gather"(%w0) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work} : (tensor<20x20xf32>) -> tensor<1x20x20xf32> loc("first")
    %2 = "helio.call"(%0, %1) {callee = @gemm_k20_n20_f32, layer = 0, macs = #sym.expr<"400*batch">} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>, tensor<1x20x20xf32>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("first")
    %3 = "tile.scatter"(%2) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"120*batch">>} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("first")
    %r = "electronic.region"(%3) ({
    ^bb0(%4: tensor<?x20xf32, #sym.dims<batch, 20>>):
      %r_1 = "onnx.Relu"(%4) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu")
      "electronic.yield"(%r_1) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Relu)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu")
    %5 = "tile.gather"(%r) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"20*batch">, reduce = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("second")
    %6 = "tile.gather"(%w1) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work} : (tensor<20x20xf32>) -> tensor<1x20x20xf32> loc("second")
    %7 = "helio.call"(%5, %6) {callee = @gemm_k20_n20_f32_1, layer = 1, macs = #sym.expr<"400*batch">} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>, tensor<1x20x20xf32>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("second")
    %8 = "tile.scatter"(%7) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"60*batch">>} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("second")
    %s = "electronic.region"(%8) ({
    ^bb0(%9: tensor<?x20xf32, #sym.dims<batch, 20>>):
      %s_1 = "onnx.Relu"(%9) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu2")
      "electronic.yield"(%s_1) : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Relu)", work = #electronic.work<elementwise = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("relu2")
    %10 = "tile.gather"(%s) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"m0, k0">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"20*batch">, reduce = #sym.expr<"20*batch">>} : (tensor<?x20xf32, #sym.dims<batch, 20>>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("third")
    %11 = "tile.gather"(%w2) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work} : (tensor<20x20xf32>) -> tensor<1x20x20xf32> loc("third")
    %12 = "helio.call"(%10, %11) {callee = @gemm_k20_n20_f32_1, layer = 2, macs = #sym.expr<"400*batch">} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>, tensor<1x20x20xf32>) -> tensor<1x?x20xf32, #sym.dims<1, batch, 20>> loc("third")
    %13 = "tile.scatter"(%12) {space = #optical.space<m = [#sym.expr<"batch">], k = [20], n = [20]>, map = #optical.map<"m0, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"60*batch">>} : (tensor<1x?x20xf32, #sym.dims<1, batch, 20>>) -> tensor<?x20xf32, #sym.dims<batch, 20>> loc("third")
    func.return %13 : tensor<?x20xf32, #sym.dims<batch, 20>>
  }
}

// pass: tile
// target: awgr8-28g
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x2x4x4xf32>
    %0 = "optical.gemm"(%x, %w) {space = #optical.space<m = [#sym.expr<"batch">, 5, 5], k = [4], n = [2, 4, 4]>, lhs = #optical.map<"m0, k0, m1, m2">, rhs = #optical.map<"k0, n0, n1, n2">, out = #optical.map<"m0, n0, 2*m1 + n1 - 1, 2*m2 + n2 - 1">, combine = "add", macs = #sym.expr<"3200*batch">, lhs_quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, rhs_quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">, adc = #optical.adc<bits = 5.42>} : (tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>, tensor<4x2x4x4xf32>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> loc("up")
    func.return %0 : tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "tiled", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func private @gemm_k4_n32_f32(%x: tensor<?x?x4xf32, #sym.dims<b, m, 4>>, %w: tensor<?x4x32xf32, #sym.dims<b, 4, 32>>) -> tensor<?x?x32xf32, #sym.dims<b, m, 32>> {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax", signs = "balanced">} : (tensor<?x4x32xf32, #sym.dims<b, 4, 32>>, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %0 = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (tensor<?x?x4xf32, #sym.dims<b, m, 4>>, index, index, index) -> tensor<1x8xf32>
        %1 = "optical.encode"(%0) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %2 = "optical.multiply"(%bank, %1) : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %3 = "optical.detect"(%2) {adc = #optical.adc<bits = 5.42>} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%3, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask"} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 32, 4], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> tensor<?x?x32xf32, #sym.dims<b, m, 32>>
    func.return %y : tensor<?x?x32xf32, #sym.dims<b, m, 32>>
  }
  func.func @main(%x: tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<4x2x4x4xf32>
    %0 = "tile.gather"(%x) {space = #optical.space<m = [#sym.expr<"batch">, 5, 5], k = [4], n = [2, 4, 4]>, map = #optical.map<"m0, k0, m1, m2">, role = "lhs", work = #electronic.work<elementwise = #sym.expr<"100*batch">, reduce = #sym.expr<"100*batch">, moved_bytes = #sym.expr<"400*batch">>} : (tensor<?x4x5x5xf32, #sym.dims<batch, 4, 5, 5>>) -> tensor<1x?x4xf32, #sym.dims<1, "25*batch", 4>> loc("up")
    %1 = "tile.gather"(%w) {space = #optical.space<m = [#sym.expr<"batch">, 5, 5], k = [4], n = [2, 4, 4]>, map = #optical.map<"k0, n0, n1, n2">, role = "rhs", work = #electronic.work} : (tensor<4x2x4x4xf32>) -> tensor<1x4x32xf32> loc("up")
    %2 = "helio.call"(%0, %1) {callee = @gemm_k4_n32_f32, layer = 0, macs = #sym.expr<"3200*batch">} : (tensor<1x?x4xf32, #sym.dims<1, "25*batch", 4>>, tensor<1x4x32xf32>) -> tensor<1x?x32xf32, #sym.dims<1, "25*batch", 32>> loc("up")
    %3 = "tile.scatter"(%2) {space = #optical.space<m = [#sym.expr<"batch">, 5, 5], k = [4], n = [2, 4, 4]>, map = #optical.map<"m0, n0, 2*m1 + n1 - 1, 2*m2 + n2 - 1">, combine = "add", work = #electronic.work<elementwise = #sym.expr<"2400*batch">, moved_bytes = #sym.expr<"3200*batch">>} : (tensor<1x?x32xf32, #sym.dims<1, "25*batch", 32>>) -> tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>> loc("up")
    func.return %3 : tensor<?x2x10x10xf32, #sym.dims<batch, 2, 10, 10>>
  }
}

// The tiled level: a kernel with symbolic loops, called between gather and scatter.
!x = tensor<?x?x64xf32, #sym.dims<b, m, 64>>
!w = tensor<?x64x256xf32, #sym.dims<b, 64, 256>>
!y = tensor<?x?x256xf32, #sym.dims<b, m, 256>>
#s = #optical.space<m = [#sym.expr<"batch">, #sym.expr<"seq">], k = [64], n = [256]>
module @mlp attributes {helio.level = "tiled", helio.opsets = {onnx = 20}, helio.target = "awgr8-28g"} {
  func.func private @gemm(%x: !x, %w: !w) -> !y {
    %y = "tile.for"() ({
    ^bb0(%b: index, %n: index, %k: index):
      %bank = "optical.hold"(%w, %b, %k, %n) {shape = [8, 8], quant = #optical.quant<bits = 8, axis = "col", scale = "absmax">} : (!w, index, index, index) -> !optical.bank<8, 8>
      "tile.for"() ({
      ^bb0(%m: index):
        %a = "tile.load"(%x, %b, %m, %k) {shape = [1, 8]} : (!x, index, index, index) -> tensor<1x8xf32>
        %f = "optical.encode"(%a) {quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">} : (tensor<1x8xf32>) -> !optical.field<1, 8>
        %p = "optical.multiply"(%bank, %f) : (!optical.bank<8, 8>, !optical.field<1, 8>) -> !optical.field<1, 8>
        %d = "optical.detect"(%p) {adc = #optical.adc<bits = 5.42, range = "calibrated">} : (!optical.field<1, 8>) -> tensor<1x8xf32>
        "tile.accumulate"(%d, %b, %m, %n) : (tensor<1x8xf32>, index, index, index) -> ()
        "tile.yield"() : () -> ()
      }) {axes = ["m"], extent = [#sym.expr<"m">], step = [1], tail = "mask"} : () -> ()
      "tile.yield"() : () -> ()
    }) {axes = ["b", "n", "k"], extent = [#sym.expr<"b">, 256, 64], step = [1, 8, 8], tail = "zero", reduce = ["k"]} : () -> !y
    func.return %y : !y
  }
  func.func private @same(%a: tensor<4xf32>) -> tensor<4xf32> {
    func.return %a : tensor<4xf32>
  }
  func.func @exact(%a: tensor<4xf32>) -> tensor<4xf32> {
    %0 = func.call @same(%a) {layer = 1} : (tensor<4xf32>) -> tensor<4xf32> loc("exact types need no helio.call")
    func.return %0 : tensor<4xf32>
  }
  func.func @main(%t: tensor<?x?x64xf32, #sym.dims<batch, seq, 64>>) -> tensor<?x?x256xf32, #sym.dims<batch, seq, 256>> {
    %c = "helio.weight"() {ref = #helio.weight<"fc.weight", file = "mlp.onnx">} : () -> tensor<64x256xf32>
    %0 = "tile.gather"(%t) {space = #s, map = #optical.map<"m0, m1, k0">, role = "lhs", work = #electronic.work<>} : (tensor<?x?x64xf32, #sym.dims<batch, seq, 64>>) -> tensor<1x?x64xf32, #sym.dims<1, "batch*seq", 64>>
    %1 = "tile.gather"(%c) {space = #s, map = #optical.map<"k0, n0">, role = "rhs", work = #electronic.work} : (tensor<64x256xf32>) -> tensor<1x64x256xf32>
    %2 = "helio.call"(%0, %1) {callee = @gemm, layer = 0, macs = #sym.expr<"16384*batch*seq">} : (tensor<1x?x64xf32, #sym.dims<1, "batch*seq", 64>>, tensor<1x64x256xf32>) -> tensor<1x?x256xf32, #sym.dims<1, "batch*seq", 256>> loc("/fc/MatMul")
    %3 = "tile.scatter"(%2) {space = #s, map = #optical.map<"m0, m1, n0">, combine = "store", work = #electronic.work<elementwise = #sym.expr<"1792*batch*seq">>} : (tensor<1x?x256xf32, #sym.dims<1, "batch*seq", 256>>) -> tensor<?x?x256xf32, #sym.dims<batch, seq, 256>> loc("/fc/MatMul")
    func.return %3 : tensor<?x?x256xf32, #sym.dims<batch, seq, 256>>
  }
}

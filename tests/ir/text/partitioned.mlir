// The partitioned level: contractions on light, all else in electronic regions with a reason and counted work.
!x = tensor<?x?x64xf32, #sym.dims<b, s, 64>>
!y = tensor<?x?x256xf32, #sym.dims<b, s, 256>>
module @mlp attributes {helio.level = "partitioned", helio.opsets = {onnx = 20}, helio.target = "awgr8-28g"} {
  func.func @main(%x: !x) -> !y {
    %g = "helio.weight"() {ref = #helio.weight<"ln.weight", file = "mlp.onnx">} : () -> tensor<64xf32>
    %w = "helio.weight"() {ref = #helio.weight<"fc.weight", file = "mlp.onnx">} : () -> tensor<64x256xf32>
    %0 = "electronic.region"(%x, %g) ({
    ^bb0(%a: !x, %scale: tensor<64xf32>):
      %n = "onnx.LayerNormalization"(%a, %scale) {axis = -1, epsilon = 1.0e-05} : (!x, tensor<64xf32>) -> !x loc("/ln")
      "electronic.yield"(%n) : (!x) -> ()
    }) {why = "HG2003", work = #electronic.work<elementwise = #sym.expr<"128*b*s">, reduce = #sym.expr<"128*b*s">>} : (!x, tensor<64xf32>) -> !x
    %1 = "optical.gemm"(%0, %w) {
      space = #optical.space<m = [#sym.expr<"b">, #sym.expr<"s">], k = [64], n = [256]>,
      lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">,
      combine = "store", macs = #sym.expr<"16384*b*s">,
      lhs_quant = #optical.quant<bits = 8, axis = "row", signs = "two-pass">, adc = #optical.adc<bits = 5.42>
    } : (!x, tensor<64x256xf32>) -> !y loc("/fc/MatMul")
    %2 = "electronic.region"(%1) ({
    ^bb0(%a: !y):
      %e = "onnx.Gelu"(%a) {approximate = "tanh"} : (!y) -> !y loc("/act")
      "electronic.yield"(%e) : (!y) -> ()
    }) {why = "HG2001", work = #electronic.work<transcendental = #sym.expr<"256*b*s">>} : (!y) -> !y
    func.return %2 : !y
  }
}

// Every form of attribute and type. Not of any level: only the text is tested.
#alias = {nested = [1, [true, "x"]], "odd key" = @"odd symbol"}
module @forms attributes {helio.alias = #alias} {
  %unused = "test.types"() {
    scalars = [f64, f32, f16, bf16, f8E4M3FN, f8E4M3FNUZ, f8E5M2, f8E5M2FNUZ, f4E2M1FN, f8E8M0FNU],
    integers = [i1, i2, i4, i8, i16, i32, i64, ui2, ui4, ui8, ui16, ui32, ui64, index, none],
    tensors = [tensor<f32>, tensor<0x4xf16>, tensor<*xi1>, tensor<4x?xui8>, tensor<2x!onnx.string>, tensor<*x!onnx.complex64>],
    sizes = [tensor<?x?xf32, #sym.dims<b, _>>, tensor<?x3xf32, #sym.dims<"2*b + ceildiv(s, 4)", 3>>, tensor<?xf32, #sym.dims<"_">>],
    others = [complex<f32>, !onnx.seq<tensor<?xf32, #sym.dims<n>>>, !onnx.optional<!onnx.map<i64, tensor<f32>>>, () -> (), (i32) -> ((f32) -> i1)],
    sized = !optical.bank<8, 8>
  } : () -> !optical.field<1, 8>
  %a, %b = "test.numbers"() {
    ints = [0, -1, 9223372036854775807, -9223372036854775808, 18446744073709551615 : i128],
    floats = [0.0, -0.0, 1.0e-05, 1.0e+300, 4.9406564584124654e-324, 0.1],
    special = [0x7FF0000000000000 : f64, 0xFFF0000000000000 : f64, 0x7FF8000000000000 : f64],
    dense = [array<i64: 1, -2>, array<i64>, array<f32: 0.5, -0.0>, array<ui8: 255>, array<f64>],
    rare = [#helio.array<"i4", [7, -8]>, #helio.array<"f32", [0x7FF0000000000000 : f64, 1.0]>]
  } : () -> (i32, f32)
  "test.names"(%a, %b) {
    text = "tab\09 newline\0A quote\22 backslash\5C nul\00 accent\C3\A9 bad\FF",
    symbols = [@main, @"with space", @"naïve", @_x.y$z], "key with space" = 1, true = 2, i32 = 3, module = 4, loc = 5,
    expr = #sym.expr<"2*b*ceildiv(s, 8) - 1">, tensor = #helio.tensor<type = tensor<2xui8>, data = "00FF">,
    unknown = #other.thing<"x", 1, key = [@y], "odd key" = 2.5>, bare = #other.bare, empty = {}, none = []
  } : (i32, f32) -> () loc("name \"quoted\" \\ tab\09")
  %p:3 = "test.regions"() ({
  }, {
  ^bb0:
  }, {
    "test.inner"(%a) : (i32) -> ()
  }, {
  ^bb0(%x: index, %y: index):
    "test.inner"(%x, %y, %a) : (index, index, i32) -> ()
  ^bb1(%z: f32):
    "test.inner"(%z, %x) : (f32, index) -> ()
  }) : () -> (i32, i32, i32)
  "test.uses"(%p#2, %p#0) : (i32, i32) -> () loc("größe/层")
} loc("file.py":3:7)

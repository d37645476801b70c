// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<2x4x12xui8>, %past: tensor<2x2x2x3x8xf32>) -> (tensor<?x?x?xf32>, tensor<?x?x?x?x?xf32>) attributes {helio.inputs = ["x", "past"], helio.outputs = ["y", "present"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xi8>
    %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
    %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "0ad7a33c">} : () -> tensor<f32>
    %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c">} : () -> tensor<f32>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "78">} : () -> tensor<ui8>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "03">} : () -> tensor<i8>
    %0 = "helio.none"() : () -> none
    %y, %present = "com.microsoft.QAttention"(%x, %w, %c, %xs, %ws, %0, %xz, %wz, %past) {num_heads = 2, unidirectional = 1} : (tensor<2x4x12xui8>, tensor<12x48xi8>, tensor<48xf32>, tensor<f32>, tensor<f32>, none, tensor<ui8>, tensor<i8>, tensor<2x2x2x3x8xf32>) -> (tensor<?x?x?xf32>, tensor<?x?x?x?x?xf32>) loc("qattention_y")
    func.return %y, %present : tensor<?x?x?xf32>, tensor<?x?x?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<2x4x12xui8>, %past: tensor<2x2x2x3x8xf32>) -> (tensor<2x4x16xf32>, tensor<2x2x2x7x8xf32>) attributes {helio.inputs = ["x", "past"], helio.outputs = ["y", "present"]} {
    %0:5 = "electronic.region"(%x, %past) ({
    ^bb0(%x_1: tensor<2x4x12xui8>, %past_1: tensor<2x2x2x3x8xf32>):
      %1 = "onnx.Cast"(%x_1) {to = 1} : (tensor<2x4x12xui8>) -> tensor<2x4x12xf32> loc("qattention_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "78">} : () -> tensor<ui8>
      %2 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("qattention_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<2x4x12xf32>, tensor<f32>) -> tensor<2x4x12xf32> loc("qattention_y")
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xi8>
      %4 = "onnx.Cast"(%w) {to = 1} : (tensor<12x48xi8>) -> tensor<12x48xf32> loc("qattention_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "03">} : () -> tensor<i8>
      %5 = "onnx.Cast"(%wz) {to = 1} : (tensor<i8>) -> tensor<f32> loc("qattention_y")
      %6 = "onnx.Sub"(%4, %5) : (tensor<12x48xf32>, tensor<f32>) -> tensor<12x48xf32> loc("qattention_y")
      %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "0ad7a33c">} : () -> tensor<f32>
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c">} : () -> tensor<f32>
      %7 = "onnx.Mul"(%xs, %ws) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("qattention_y")
      %8 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %9 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %10 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %11 = "onnx.Slice"(%past_1, %8, %9, %10) : (tensor<2x2x2x3x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x2x2x3x8xf32> loc("qattention_y")
      %12 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000020000000000000003000000000000000800000000000000", data = "0200000000000000020000000000000003000000000000000800000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %13 = "onnx.Reshape"(%11, %12) : (tensor<1x2x2x3x8xf32>, tensor<4xi64>) -> tensor<2x2x3x8xf32> loc("qattention_y")
      %14 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %15 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %16 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %17 = "onnx.Slice"(%past_1, %14, %15, %16) : (tensor<2x2x2x3x8xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x2x2x3x8xf32> loc("qattention_y")
      %18 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000020000000000000003000000000000000800000000000000", data = "0200000000000000020000000000000003000000000000000800000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %19 = "onnx.Reshape"(%17, %18) : (tensor<1x2x2x3x8xf32>, tensor<4xi64>) -> tensor<2x2x3x8xf32> loc("qattention_y")
      "electronic.yield"(%3, %6, %7, %13, %19) : (tensor<2x4x12xf32>, tensor<12x48xf32>, tensor<f32>, tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Cast, Sub, Mul, Slice, Reshape)", work = #electronic.work<elementwise = 673, moved_bytes = 3464>} : (tensor<2x4x12xui8>, tensor<2x2x2x3x8xf32>) -> (tensor<2x4x12xf32>, tensor<12x48xf32>, tensor<f32>, tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>) loc("qattention_y")
    %20 = "optical.gemm"(%0#0, %0#1) {space = #optical.space<m = [2, 4], k = [12], n = [48]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = 4608} : (tensor<2x4x12xf32>, tensor<12x48xf32>) -> tensor<2x4x48xf32> loc("qattention_y")
    %21, %22, %23, %present = "electronic.region"(%20, %0#2, %0#3, %0#4) ({
    ^bb0(%24: tensor<2x4x48xf32>, %25: tensor<f32>, %26: tensor<2x2x3x8xf32>, %27: tensor<2x2x3x8xf32>):
      %28 = "onnx.Cast"(%24) {to = 6} : (tensor<2x4x48xf32>) -> tensor<2x4x48xi32> loc("qattention_y")
      %29 = "onnx.Cast"(%28) {to = 1} : (tensor<2x4x48xi32>) -> tensor<2x4x48xf32> loc("qattention_y")
      %30 = "onnx.Mul"(%29, %25) : (tensor<2x4x48xf32>, tensor<f32>) -> tensor<2x4x48xf32> loc("qattention_y")
      %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
      %31 = "onnx.Add"(%30, %c) : (tensor<2x4x48xf32>, tensor<48xf32>) -> tensor<2x4x48xf32> loc("qattention_y")
      %32 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.1000000000000000", data = "1000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %33 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.2000000000000000", data = "2000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %34 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %35 = "onnx.Slice"(%31, %32, %33, %34) : (tensor<2x4x48xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x4x16xf32> loc("qattention_y")
      %36 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000040000000000000002000000000000000800000000000000", data = "0200000000000000040000000000000002000000000000000800000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %37 = "onnx.Reshape"(%35, %36) : (tensor<2x4x16xf32>, tensor<4xi64>) -> tensor<2x4x2x8xf32> loc("qattention_y")
      %38 = "onnx.Transpose"(%37) {perm = array<i64: 0, 2, 1, 3>} : (tensor<2x4x2x8xf32>) -> tensor<2x2x4x8xf32> loc("qattention_y")
      %39 = "onnx.Concat"(%26, %38) {axis = 2} : (tensor<2x2x3x8xf32>, tensor<2x2x4x8xf32>) -> tensor<2x2x7x8xf32> loc("qattention_y")
      %40 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.2000000000000000", data = "2000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %41 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.3000000000000000", data = "3000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %42 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %43 = "onnx.Slice"(%31, %40, %41, %42) : (tensor<2x4x48xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x4x16xf32> loc("qattention_y")
      %44 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000040000000000000002000000000000000800000000000000", data = "0200000000000000040000000000000002000000000000000800000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %45 = "onnx.Reshape"(%43, %44) : (tensor<2x4x16xf32>, tensor<4xi64>) -> tensor<2x4x2x8xf32> loc("qattention_y")
      %46 = "onnx.Transpose"(%45) {perm = array<i64: 0, 2, 1, 3>} : (tensor<2x4x2x8xf32>) -> tensor<2x2x4x8xf32> loc("qattention_y")
      %47 = "onnx.Concat"(%27, %46) {axis = 2} : (tensor<2x2x3x8xf32>, tensor<2x2x4x8xf32>) -> tensor<2x2x7x8xf32> loc("qattention_y")
      %48 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.01000000000000000200000000000000020000000000000007000000000000000800000000000000", data = "01000000000000000200000000000000020000000000000007000000000000000800000000000000">} : () -> tensor<5xi64> loc("qattention_y")
      %49 = "onnx.Reshape"(%39, %48) : (tensor<2x2x7x8xf32>, tensor<5xi64>) -> tensor<1x2x2x7x8xf32> loc("qattention_y")
      %50 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.01000000000000000200000000000000020000000000000007000000000000000800000000000000", data = "01000000000000000200000000000000020000000000000007000000000000000800000000000000">} : () -> tensor<5xi64> loc("qattention_y")
      %51 = "onnx.Reshape"(%47, %50) : (tensor<2x2x7x8xf32>, tensor<5xi64>) -> tensor<1x2x2x7x8xf32> loc("qattention_y")
      %present_1 = "onnx.Concat"(%49, %51) {axis = 0} : (tensor<1x2x2x7x8xf32>, tensor<1x2x2x7x8xf32>) -> tensor<2x2x2x7x8xf32> loc("qattention_y")
      "electronic.yield"(%31, %39, %47, %present_1) : (tensor<2x4x48xf32>, tensor<2x2x7x8xf32>, tensor<2x2x7x8xf32>, tensor<2x2x2x7x8xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Cast, Mul, Add, Slice, Reshape, Transpose, Concat)", work = #electronic.work<elementwise = 768, moved_bytes = 8704>} : (tensor<2x4x48xf32>, tensor<f32>, tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>) -> (tensor<2x4x48xf32>, tensor<2x2x7x8xf32>, tensor<2x2x7x8xf32>, tensor<2x2x2x7x8xf32>) loc("qattention_y")
    %52 = "optical.gemm"(%21, %22) {space = #optical.space<b = [2, 2], m = [4], k = [8], n = [7]>, lhs = #optical.map<"b0, m0, 8*b1 + k0">, rhs = #optical.map<"b0, b1, n0, k0">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = 896} : (tensor<2x4x48xf32>, tensor<2x2x7x8xf32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
    %53 = "electronic.region"(%52) ({
    ^bb0(%54: tensor<2x2x4x7xf32>):
      %55 = "helio.weight"() {ref = #helio.weight<"qattention_y.f32.f304b53e", data = "f304b53e">} : () -> tensor<f32> loc("qattention_y")
      %56 = "onnx.Mul"(%54, %55) : (tensor<2x2x4x7xf32>, tensor<f32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
      %57 = "onnx.Shape"(%56) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %58 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("qattention_y")
      %59 = "onnx.Gather"(%57, %58) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %60 = "onnx.Shape"(%56) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %61 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("qattention_y")
      %62 = "onnx.Gather"(%60, %61) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %63 = "onnx.Sub"(%59, %62) : (tensor<i64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %64 = "onnx.Shape"(%56) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %65 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("qattention_y")
      %66 = "onnx.Gather"(%64, %65) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %67 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("qattention_y")
      %68 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("qattention_y")
      %69 = "onnx.Range"(%67, %66, %68) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64> loc("qattention_y")
      %70 = "onnx.Add"(%69, %63) : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64> loc("qattention_y")
      %71 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000010000000000000004000000000000000100000000000000", data = "0100000000000000010000000000000004000000000000000100000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %72 = "onnx.Reshape"(%70, %71) : (tensor<4xi64>, tensor<4xi64>) -> tensor<1x1x4x1xi64> loc("qattention_y")
      %73 = "onnx.Shape"(%56) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %74 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("qattention_y")
      %75 = "onnx.Gather"(%73, %74) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %76 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("qattention_y")
      %77 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("qattention_y")
      %78 = "onnx.Range"(%76, %75, %77) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<7xi64> loc("qattention_y")
      %79 = "onnx.LessOrEqual"(%78, %72) : (tensor<7xi64>, tensor<1x1x4x1xi64>) -> tensor<1x1x4x7xi1> loc("qattention_y")
      %80 = "helio.weight"() {ref = #helio.weight<"qattention_y.f32.ffff7fff", data = "ffff7fff">} : () -> tensor<f32> loc("qattention_y")
      %81 = "onnx.Where"(%79, %56, %80) : (tensor<1x1x4x7xi1>, tensor<2x2x4x7xf32>, tensor<f32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
      %82 = "onnx.Softmax"(%81) {axis = -1} : (tensor<2x2x4x7xf32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
      "electronic.yield"(%82) : (tensor<2x2x4x7xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Shape, Gather, Sub, Range, Add, Reshape, LessOrEqual, Where, Softmax)", work = #electronic.work<elementwise = 369, reduce = 224, transcendental = 112, moved_bytes = 568>} : (tensor<2x2x4x7xf32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
    %y = "optical.gemm"(%53, %23) {space = #optical.space<b = [2, 2], m = [4], k = [7], n = [8]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, b1, k0, n0">, out = #optical.map<"b0, m0, 8*b1 + n0">, combine = "store", macs = 896} : (tensor<2x2x4x7xf32>, tensor<2x2x7x8xf32>) -> tensor<2x4x16xf32> loc("qattention_y")
    func.return %y, %present : tensor<2x4x16xf32>, tensor<2x2x2x7x8xf32>
  }
}

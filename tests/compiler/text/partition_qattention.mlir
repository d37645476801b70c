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
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<12x48xi8>) -> tensor<12x48xf32> loc("qattention_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "03">} : () -> tensor<i8>
      %2 = "onnx.Cast"(%wz) {to = 1} : (tensor<i8>) -> tensor<f32> loc("qattention_y")
      %3 = "onnx.Sub"(%1, %2) : (tensor<12x48xf32>, tensor<f32>) -> tensor<12x48xf32> loc("qattention_y")
      "electronic.yield"(%3) : (tensor<12x48xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 576, moved_bytes = 2308>} : () -> tensor<12x48xf32> loc("qattention_y")
    %4:3 = "electronic.region"(%x, %past) ({
    ^bb0(%x_1: tensor<2x4x12xui8>, %past_1: tensor<2x2x2x3x8xf32>):
      %5 = "onnx.Cast"(%x_1) {to = 1} : (tensor<2x4x12xui8>) -> tensor<2x4x12xf32> loc("qattention_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "78">} : () -> tensor<ui8>
      %6 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("qattention_y")
      %7 = "onnx.Sub"(%5, %6) : (tensor<2x4x12xf32>, tensor<f32>) -> tensor<2x4x12xf32> loc("qattention_y")
      %8 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("qattention_y")
      %9 = "onnx.Gather"(%past_1, %8) {axis = 0} : (tensor<2x2x2x3x8xf32>, tensor<i64>) -> tensor<2x2x3x8xf32> loc("qattention_y")
      %10 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("qattention_y")
      %11 = "onnx.Gather"(%past_1, %10) {axis = 0} : (tensor<2x2x2x3x8xf32>, tensor<i64>) -> tensor<2x2x3x8xf32> loc("qattention_y")
      "electronic.yield"(%7, %9, %11) : (tensor<2x4x12xf32>, tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Sub); HG2002: moves or reshapes data (Cast, Gather)", work = #electronic.work<elementwise = 96, moved_bytes = 1156>} : (tensor<2x4x12xui8>, tensor<2x2x2x3x8xf32>) -> (tensor<2x4x12xf32>, tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>) loc("qattention_y")
    %12 = "optical.gemm"(%4#0, %0) {space = #optical.space<m = [2, 4], k = [12], n = [48]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = 4608} : (tensor<2x4x12xf32>, tensor<12x48xf32>) -> tensor<2x4x48xf32> loc("qattention_y")
    %13, %14, %15, %present = "electronic.region"(%12, %4#1, %4#2) ({
    ^bb0(%16: tensor<2x4x48xf32>, %17: tensor<2x2x3x8xf32>, %18: tensor<2x2x3x8xf32>):
      %19 = "onnx.Cast"(%16) {to = 6} : (tensor<2x4x48xf32>) -> tensor<2x4x48xi32> loc("qattention_y")
      %20 = "onnx.Cast"(%19) {to = 1} : (tensor<2x4x48xi32>) -> tensor<2x4x48xf32> loc("qattention_y")
      %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "0ad7a33c">} : () -> tensor<f32>
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c">} : () -> tensor<f32>
      %21 = "onnx.Mul"(%xs, %ws) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("qattention_y")
      %22 = "onnx.Mul"(%20, %21) : (tensor<2x4x48xf32>, tensor<f32>) -> tensor<2x4x48xf32> loc("qattention_y")
      %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
      %23 = "onnx.Add"(%22, %c) : (tensor<2x4x48xf32>, tensor<48xf32>) -> tensor<2x4x48xf32> loc("qattention_y")
      %24 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.1000000000000000", data = "1000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %25 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.2000000000000000", data = "2000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %26 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %27 = "onnx.Slice"(%23, %24, %25, %26) : (tensor<2x4x48xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x4x16xf32> loc("qattention_y")
      %28 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000040000000000000002000000000000000800000000000000", data = "0200000000000000040000000000000002000000000000000800000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %29 = "onnx.Reshape"(%27, %28) : (tensor<2x4x16xf32>, tensor<4xi64>) -> tensor<2x4x2x8xf32> loc("qattention_y")
      %30 = "onnx.Transpose"(%29) {perm = array<i64: 0, 2, 1, 3>} : (tensor<2x4x2x8xf32>) -> tensor<2x2x4x8xf32> loc("qattention_y")
      %31 = "onnx.Concat"(%17, %30) {axis = 2} : (tensor<2x2x3x8xf32>, tensor<2x2x4x8xf32>) -> tensor<2x2x7x8xf32> loc("qattention_y")
      %32 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.3000000000000000", data = "3000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %33 = "onnx.Slice"(%23, %25, %32, %26) : (tensor<2x4x48xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2x4x16xf32> loc("qattention_y")
      %34 = "onnx.Reshape"(%33, %28) : (tensor<2x4x16xf32>, tensor<4xi64>) -> tensor<2x4x2x8xf32> loc("qattention_y")
      %35 = "onnx.Transpose"(%34) {perm = array<i64: 0, 2, 1, 3>} : (tensor<2x4x2x8xf32>) -> tensor<2x2x4x8xf32> loc("qattention_y")
      %36 = "onnx.Concat"(%18, %35) {axis = 2} : (tensor<2x2x3x8xf32>, tensor<2x2x4x8xf32>) -> tensor<2x2x7x8xf32> loc("qattention_y")
      %37 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<1xi64> loc("qattention_y")
      %38 = "onnx.Unsqueeze"(%31, %37) : (tensor<2x2x7x8xf32>, tensor<1xi64>) -> tensor<1x2x2x7x8xf32> loc("qattention_y")
      %39 = "onnx.Unsqueeze"(%36, %37) : (tensor<2x2x7x8xf32>, tensor<1xi64>) -> tensor<1x2x2x7x8xf32> loc("qattention_y")
      %present_1 = "onnx.Concat"(%38, %39) {axis = 0} : (tensor<1x2x2x7x8xf32>, tensor<1x2x2x7x8xf32>) -> tensor<2x2x2x7x8xf32> loc("qattention_y")
      "electronic.yield"(%23, %31, %36, %present_1) : (tensor<2x4x48xf32>, tensor<2x2x7x8xf32>, tensor<2x2x7x8xf32>, tensor<2x2x2x7x8xf32>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Mul, Add); HG2002: moves or reshapes data (Cast, Slice, Reshape, Transpose, Concat, Unsqueeze)", work = #electronic.work<elementwise = 769, moved_bytes = 8704>} : (tensor<2x4x48xf32>, tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>) -> (tensor<2x4x48xf32>, tensor<2x2x7x8xf32>, tensor<2x2x7x8xf32>, tensor<2x2x2x7x8xf32>) loc("qattention_y")
    %40 = "optical.gemm"(%13, %14) {space = #optical.space<b = [2, 2], m = [4], k = [8], n = [7]>, lhs = #optical.map<"b0, m0, 8*b1 + k0">, rhs = #optical.map<"b0, b1, n0, k0">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = 896} : (tensor<2x4x48xf32>, tensor<2x2x7x8xf32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
    %41 = "electronic.region"(%40) ({
    ^bb0(%42: tensor<2x2x4x7xf32>):
      %43 = "helio.weight"() {ref = #helio.weight<"qattention_y.f32.f304b53e", data = "f304b53e">} : () -> tensor<f32> loc("qattention_y")
      %44 = "onnx.Mul"(%42, %43) : (tensor<2x2x4x7xf32>, tensor<f32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
      %45 = "onnx.Shape"(%44) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %46 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("qattention_y")
      %47 = "onnx.Gather"(%45, %46) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %48 = "onnx.Shape"(%44) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %49 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("qattention_y")
      %50 = "onnx.Gather"(%48, %49) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %51 = "onnx.Sub"(%47, %50) : (tensor<i64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %52 = "onnx.Shape"(%44) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %53 = "onnx.Gather"(%52, %49) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %54 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("qattention_y")
      %55 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("qattention_y")
      %56 = "onnx.Range"(%54, %53, %55) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64> loc("qattention_y")
      %57 = "onnx.Add"(%56, %51) : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64> loc("qattention_y")
      %58 = "helio.weight"() {ref = #helio.weight<"qattention_y.i64.0100000000000000010000000000000004000000000000000100000000000000", data = "0100000000000000010000000000000004000000000000000100000000000000">} : () -> tensor<4xi64> loc("qattention_y")
      %59 = "onnx.Reshape"(%57, %58) : (tensor<4xi64>, tensor<4xi64>) -> tensor<1x1x4x1xi64> loc("qattention_y")
      %60 = "onnx.Shape"(%44) : (tensor<2x2x4x7xf32>) -> tensor<4xi64> loc("qattention_y")
      %61 = "onnx.Gather"(%60, %46) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("qattention_y")
      %62 = "onnx.Range"(%54, %61, %55) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<7xi64> loc("qattention_y")
      %63 = "onnx.LessOrEqual"(%62, %59) : (tensor<7xi64>, tensor<1x1x4x1xi64>) -> tensor<1x1x4x7xi1> loc("qattention_y")
      %64 = "helio.weight"() {ref = #helio.weight<"qattention_y.f32.ffff7fff", data = "ffff7fff">} : () -> tensor<f32> loc("qattention_y")
      %65 = "onnx.Where"(%63, %44, %64) : (tensor<1x1x4x7xi1>, tensor<2x2x4x7xf32>, tensor<f32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
      %66 = "onnx.Softmax"(%65) {axis = -1} : (tensor<2x2x4x7xf32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
      "electronic.yield"(%66) : (tensor<2x2x4x7xf32>) -> ()
    }) {why = "HG2001: nonlinear or elementwise (Mul, Sub, Add, LessOrEqual); HG2002: moves or reshapes data (Shape, Gather, Range, Reshape, Where); HG2003: row statistics (Softmax)", work = #electronic.work<elementwise = 369, reduce = 224, transcendental = 112, moved_bytes = 568>} : (tensor<2x2x4x7xf32>) -> tensor<2x2x4x7xf32> loc("qattention_y")
    %y = "optical.gemm"(%41, %15) {space = #optical.space<b = [2, 2], m = [4], k = [7], n = [8]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, b1, k0, n0">, out = #optical.map<"b0, m0, 8*b1 + n0">, combine = "store", macs = 896} : (tensor<2x2x4x7xf32>, tensor<2x2x7x8xf32>) -> tensor<2x4x16xf32> loc("qattention_y")
    func.return %y, %present : tensor<2x4x16xf32>, tensor<2x2x2x7x8xf32>
  }
}

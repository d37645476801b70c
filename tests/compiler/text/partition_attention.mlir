// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<2x4x12xf32>, %mask: tensor<2x4xi32>) -> tensor<?x?x?xf32> attributes {helio.inputs = ["x", "mask"], helio.outputs = ["y"]} {
    %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xf32>
    %y = "com.microsoft.Attention"(%x, %w, %c, %mask) {num_heads = 2, unidirectional = 1} : (tensor<2x4x12xf32>, tensor<12x48xf32>, tensor<48xf32>, tensor<2x4xi32>) -> tensor<?x?x?xf32> loc("attention_y")
    func.return %y : tensor<?x?x?xf32>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<2x4x12xf32>, %mask: tensor<2x4xi32>) -> tensor<2x4x16xf32> attributes {helio.inputs = ["x", "mask"], helio.outputs = ["y"]} {
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<12x48xf32>
    %0 = "electronic.region"(%mask) ({
    ^bb0(%mask_1: tensor<2x4xi32>):
      %1 = "helio.weight"() {ref = #helio.weight<"attention_y.i32.00000000", data = "00000000">} : () -> tensor<i32> loc("attention_y")
      %2 = "onnx.Greater"(%mask_1, %1) : (tensor<2x4xi32>, tensor<i32>) -> tensor<2x4xi1> loc("attention_y")
      %3 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0200000000000000010000000000000001000000000000000400000000000000", data = "0200000000000000010000000000000001000000000000000400000000000000">} : () -> tensor<4xi64> loc("attention_y")
      %4 = "onnx.Reshape"(%2, %3) : (tensor<2x4xi1>, tensor<4xi64>) -> tensor<2x1x1x4xi1> loc("attention_y")
      %5 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.00000000", data = "00000000">} : () -> tensor<f32> loc("attention_y")
      %6 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.00401cc6", data = "00401cc6">} : () -> tensor<f32> loc("attention_y")
      %7 = "onnx.Where"(%4, %5, %6) : (tensor<2x1x1x4xi1>, tensor<f32>, tensor<f32>) -> tensor<2x1x1x4xf32> loc("attention_y")
      "electronic.yield"(%7) : (tensor<2x1x1x4xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Greater, Reshape, Where)", work = #electronic.work<elementwise = 8, moved_bytes = 32>} : (tensor<2x4xi32>) -> tensor<2x1x1x4xf32> loc("attention_y")
    %8 = "optical.gemm"(%x, %w) {space = #optical.space<m = [2, 4], k = [12], n = [48]>, lhs = #optical.map<"m0, m1, k0">, rhs = #optical.map<"k0, n0">, out = #optical.map<"m0, m1, n0">, combine = "store", macs = 4608} : (tensor<2x4x12xf32>, tensor<12x48xf32>) -> tensor<2x4x48xf32> loc("attention_y")
    %9 = "electronic.region"(%8) ({
    ^bb0(%10: tensor<2x4x48xf32>):
      %c = "helio.weight"() {ref = #helio.weight<"c">} : () -> tensor<48xf32>
      %11 = "onnx.Add"(%10, %c) : (tensor<2x4x48xf32>, tensor<48xf32>) -> tensor<2x4x48xf32> loc("attention_y")
      "electronic.yield"(%11) : (tensor<2x4x48xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Add)", work = #electronic.work<elementwise = 384>} : (tensor<2x4x48xf32>) -> tensor<2x4x48xf32> loc("attention_y")
    %12 = "optical.gemm"(%9, %9) {space = #optical.space<b = [2, 2], m = [4], k = [8], n = [4]>, lhs = #optical.map<"b0, m0, 8*b1 + k0">, rhs = #optical.map<"b0, n0, 8*b1 + k0 + 16">, out = #optical.map<"b0, b1, m0, n0">, combine = "store", macs = 512} : (tensor<2x4x48xf32>, tensor<2x4x48xf32>) -> tensor<2x2x4x4xf32> loc("attention_y")
    %13 = "electronic.region"(%12, %0) ({
    ^bb0(%14: tensor<2x2x4x4xf32>, %15: tensor<2x1x1x4xf32>):
      %16 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.f304b53e", data = "f304b53e">} : () -> tensor<f32> loc("attention_y")
      %17 = "onnx.Mul"(%14, %16) : (tensor<2x2x4x4xf32>, tensor<f32>) -> tensor<2x2x4x4xf32> loc("attention_y")
      %18 = "onnx.Add"(%17, %15) : (tensor<2x2x4x4xf32>, tensor<2x1x1x4xf32>) -> tensor<2x2x4x4xf32> loc("attention_y")
      %19 = "onnx.Shape"(%18) : (tensor<2x2x4x4xf32>) -> tensor<4xi64> loc("attention_y")
      %20 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("attention_y")
      %21 = "onnx.Gather"(%19, %20) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %22 = "onnx.Shape"(%18) : (tensor<2x2x4x4xf32>) -> tensor<4xi64> loc("attention_y")
      %23 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("attention_y")
      %24 = "onnx.Gather"(%22, %23) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %25 = "onnx.Sub"(%21, %24) : (tensor<i64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %26 = "onnx.Shape"(%18) : (tensor<2x2x4x4xf32>) -> tensor<4xi64> loc("attention_y")
      %27 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0200000000000000", data = "0200000000000000">} : () -> tensor<i64> loc("attention_y")
      %28 = "onnx.Gather"(%26, %27) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %29 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("attention_y")
      %30 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("attention_y")
      %31 = "onnx.Range"(%29, %28, %30) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64> loc("attention_y")
      %32 = "onnx.Add"(%31, %25) : (tensor<4xi64>, tensor<i64>) -> tensor<4xi64> loc("attention_y")
      %33 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0100000000000000010000000000000004000000000000000100000000000000", data = "0100000000000000010000000000000004000000000000000100000000000000">} : () -> tensor<4xi64> loc("attention_y")
      %34 = "onnx.Reshape"(%32, %33) : (tensor<4xi64>, tensor<4xi64>) -> tensor<1x1x4x1xi64> loc("attention_y")
      %35 = "onnx.Shape"(%18) : (tensor<2x2x4x4xf32>) -> tensor<4xi64> loc("attention_y")
      %36 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0300000000000000", data = "0300000000000000">} : () -> tensor<i64> loc("attention_y")
      %37 = "onnx.Gather"(%35, %36) {axis = 0} : (tensor<4xi64>, tensor<i64>) -> tensor<i64> loc("attention_y")
      %38 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0000000000000000", data = "0000000000000000">} : () -> tensor<i64> loc("attention_y")
      %39 = "helio.weight"() {ref = #helio.weight<"attention_y.i64.0100000000000000", data = "0100000000000000">} : () -> tensor<i64> loc("attention_y")
      %40 = "onnx.Range"(%38, %37, %39) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<4xi64> loc("attention_y")
      %41 = "onnx.LessOrEqual"(%40, %34) : (tensor<4xi64>, tensor<1x1x4x1xi64>) -> tensor<1x1x4x4xi1> loc("attention_y")
      %42 = "helio.weight"() {ref = #helio.weight<"attention_y.f32.ffff7fff", data = "ffff7fff">} : () -> tensor<f32> loc("attention_y")
      %43 = "onnx.Where"(%41, %18, %42) : (tensor<1x1x4x4xi1>, tensor<2x2x4x4xf32>, tensor<f32>) -> tensor<2x2x4x4xf32> loc("attention_y")
      %44 = "onnx.Softmax"(%43) {axis = -1} : (tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32> loc("attention_y")
      "electronic.yield"(%44) : (tensor<2x2x4x4xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Mul, Add, Shape, Gather, Sub, Range, Reshape, LessOrEqual, Where, Softmax)", work = #electronic.work<elementwise = 277, reduce = 128, transcendental = 64, moved_bytes = 352>} : (tensor<2x2x4x4xf32>, tensor<2x1x1x4xf32>) -> tensor<2x2x4x4xf32> loc("attention_y")
    %y = "optical.gemm"(%13, %9) {space = #optical.space<b = [2, 2], m = [4], k = [4], n = [8]>, lhs = #optical.map<"b0, b1, m0, k0">, rhs = #optical.map<"b0, k0, 8*b1 + n0 + 32">, out = #optical.map<"b0, m0, 8*b1 + n0">, combine = "store", macs = 512} : (tensor<2x2x4x4xf32>, tensor<2x4x48xf32>) -> tensor<2x4x16xf32> loc("attention_y")
    func.return %y : tensor<2x4x16xf32>
  }
}

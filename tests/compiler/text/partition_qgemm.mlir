// pass: partition
// target: awgr8-28g
module @small attributes {helio.level = "graph", helio.opsets = {onnx = 21, com.microsoft = 1}} {
  func.func @main(%x: tensor<5x12xui8>) -> tensor<?x?xui8> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
    %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "64">} : () -> tensor<ui8>
    %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<9x12xi8>
    %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c8fc2753c0ad7a33ccdcccc3c8fc2f53c295c0f3d0ad7233dec51383dcdcc4c3d">} : () -> tensor<9xf32>
    %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000102030405060708">} : () -> tensor<9xi8>
    %c = "helio.weight"() {ref = #helio.weight<"c", data = "5f020000c2590000cf6b00000f23000021570000d9020000f83d000010c5ffffb8680000">} : () -> tensor<9xi32>
    %ys = "helio.weight"() {ref = #helio.weight<"ys", data = "3333333f">} : () -> tensor<f32>
    %yz = "helio.weight"() {ref = #helio.weight<"yz", data = "05">} : () -> tensor<ui8>
    %y = "com.microsoft.QGemm"(%x, %xs, %xz, %w, %ws, %wz, %c, %ys, %yz) {alpha = 0.5, transB = 1} : (tensor<5x12xui8>, tensor<f32>, tensor<ui8>, tensor<9x12xi8>, tensor<9xf32>, tensor<9xi8>, tensor<9xi32>, tensor<f32>, tensor<ui8>) -> tensor<?x?xui8> loc("qgemm_y")
    func.return %y : tensor<?x?xui8>
  }
}
// ---- becomes ----
module @small attributes {helio.level = "partitioned", helio.opsets = {onnx = 21, com.microsoft = 1}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<5x12xui8>) -> tensor<5x9xui8> attributes {helio.inputs = ["x"], helio.outputs = ["y"]} {
    %0 = "electronic.region"() ({
      %w = "helio.weight"() {ref = #helio.weight<"w">} : () -> tensor<9x12xi8>
      %1 = "onnx.Cast"(%w) {to = 1} : (tensor<9x12xi8>) -> tensor<9x12xf32> loc("qgemm_y")
      %wz = "helio.weight"() {ref = #helio.weight<"wz", data = "000102030405060708">} : () -> tensor<9xi8>
      %2 = "helio.weight"() {ref = #helio.weight<"qgemm_y.i64.09000000000000000100000000000000", data = "09000000000000000100000000000000">} : () -> tensor<2xi64> loc("qgemm_y")
      %3 = "onnx.Reshape"(%wz, %2) : (tensor<9xi8>, tensor<2xi64>) -> tensor<9x1xi8> loc("qgemm_y")
      %4 = "onnx.Cast"(%3) {to = 1} : (tensor<9x1xi8>) -> tensor<9x1xf32> loc("qgemm_y")
      %5 = "onnx.Sub"(%1, %4) : (tensor<9x12xf32>, tensor<9x1xf32>) -> tensor<9x12xf32> loc("qgemm_y")
      "electronic.yield"(%5) : (tensor<9x12xf32>) -> ()
    }) {why = "HG2002: computed once from constants (Cast, Reshape, Sub)", work = #electronic.work, preparation = #electronic.work<elementwise = 108, moved_bytes = 468>} : () -> tensor<9x12xf32> loc("qgemm_y")
    %6 = "electronic.region"(%x) ({
    ^bb0(%x_1: tensor<5x12xui8>):
      %7 = "onnx.Cast"(%x_1) {to = 1} : (tensor<5x12xui8>) -> tensor<5x12xf32> loc("qgemm_y")
      %xz = "helio.weight"() {ref = #helio.weight<"xz", data = "64">} : () -> tensor<ui8>
      %8 = "onnx.Cast"(%xz) {to = 1} : (tensor<ui8>) -> tensor<f32> loc("qgemm_y")
      %9 = "onnx.Sub"(%7, %8) : (tensor<5x12xf32>, tensor<f32>) -> tensor<5x12xf32> loc("qgemm_y")
      "electronic.yield"(%9) : (tensor<5x12xf32>) -> ()
    }) {why = "HG2001: bias and scaling (Sub); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 60, moved_bytes = 244>} : (tensor<5x12xui8>) -> tensor<5x12xf32> loc("qgemm_y")
    %10 = "optical.gemm"(%6, %0) {space = #optical.space<m = [5], k = [12], n = [9]>, lhs = #optical.map<"m0, k0">, rhs = #optical.map<"n0, k0">, out = #optical.map<"m0, n0">, combine = "store", macs = 540} : (tensor<5x12xf32>, tensor<9x12xf32>) -> tensor<5x9xf32> loc("qgemm_y")
    %y = "electronic.region"(%10) ({
    ^bb0(%11: tensor<5x9xf32>):
      %12 = "onnx.Cast"(%11) {to = 6} : (tensor<5x9xf32>) -> tensor<5x9xi32> loc("qgemm_y")
      %c = "helio.weight"() {ref = #helio.weight<"c", data = "5f020000c2590000cf6b00000f23000021570000d9020000f83d000010c5ffffb8680000">} : () -> tensor<9xi32>
      %13 = "onnx.Add"(%12, %c) : (tensor<5x9xi32>, tensor<9xi32>) -> tensor<5x9xi32> loc("qgemm_y")
      %14 = "helio.weight"() {ref = #helio.weight<"qgemm_y.f32.0000003f", data = "0000003f">} : () -> tensor<f32> loc("qgemm_y")
      %xs = "helio.weight"() {ref = #helio.weight<"xs", data = "cdcc4c3d">} : () -> tensor<f32>
      %15 = "onnx.Mul"(%14, %xs) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("qgemm_y")
      %ws = "helio.weight"() {ref = #helio.weight<"ws", data = "0ad7233c8fc2753c0ad7a33ccdcccc3c8fc2f53c295c0f3d0ad7233dec51383dcdcc4c3d">} : () -> tensor<9xf32>
      %16 = "onnx.Mul"(%15, %ws) : (tensor<f32>, tensor<9xf32>) -> tensor<9xf32> loc("qgemm_y")
      %ys = "helio.weight"() {ref = #helio.weight<"ys", data = "3333333f">} : () -> tensor<f32>
      %17 = "onnx.Div"(%16, %ys) : (tensor<9xf32>, tensor<f32>) -> tensor<9xf32> loc("qgemm_y")
      %18 = "onnx.Cast"(%13) {to = 1} : (tensor<5x9xi32>) -> tensor<5x9xf32> loc("qgemm_y")
      %19 = "onnx.Mul"(%18, %17) : (tensor<5x9xf32>, tensor<9xf32>) -> tensor<5x9xf32> loc("qgemm_y")
      %20 = "helio.weight"() {ref = #helio.weight<"qgemm_y.f32.0000803f", data = "0000803f">} : () -> tensor<f32> loc("qgemm_y")
      %yz = "helio.weight"() {ref = #helio.weight<"yz", data = "05">} : () -> tensor<ui8>
      %y_1 = "onnx.QuantizeLinear"(%19, %20, %yz) : (tensor<5x9xf32>, tensor<f32>, tensor<ui8>) -> tensor<5x9xui8> loc("qgemm_y")
      "electronic.yield"(%y_1) : (tensor<5x9xui8>) -> ()
    }) {why = "HG2001: bias and scaling (Add, Mul, Div); HG2001: nonlinear or elementwise (QuantizeLinear); HG2002: moves or reshapes data (Cast)", work = #electronic.work<elementwise = 154, moved_bytes = 360>} : (tensor<5x9xf32>) -> tensor<5x9xui8> loc("qgemm_y")
    func.return %y : tensor<5x9xui8>
  }
}

// pass: partition
// target: awgr8-28g
module @g attributes {helio.level = "graph", helio.opsets = {onnx = 21}} {
  func.func @main(%x: tensor<?x4xi32, #sym.dims<batch, 4>>, %y: tensor<4x5xi32>) -> tensor<?x5xf32, #sym.dims<batch, 5>> attributes {helio.inputs = ["x", "y"], helio.outputs = ["p"]} {
    %z = "onnx.MatMul"(%x, %y) : (tensor<?x4xi32, #sym.dims<batch, 4>>, tensor<4x5xi32>) -> tensor<?x5xi32, #sym.dims<batch, 5>> loc("integers")
    %f = "onnx.Cast"(%z) {to = 1} : (tensor<?x5xi32, #sym.dims<batch, 5>>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("cast")
    %p = "onnx.Softmax"(%f) : (tensor<?x5xf32, #sym.dims<batch, 5>>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("softmax")
    func.return %p : tensor<?x5xf32, #sym.dims<batch, 5>>
  }
}
// ---- becomes ----
module @g attributes {helio.level = "partitioned", helio.opsets = {onnx = 21}, helio.target = "awgr8-28g"} {
  func.func @main(%x: tensor<?x4xi32, #sym.dims<batch, 4>>, %y: tensor<4x5xi32>) -> tensor<?x5xf32, #sym.dims<batch, 5>> attributes {helio.inputs = ["x", "y"], helio.outputs = ["p"]} {
    %p = "electronic.region"(%x, %y) ({
    ^bb0(%x_1: tensor<?x4xi32, #sym.dims<batch, 4>>, %y_1: tensor<4x5xi32>):
      %z = "onnx.MatMul"(%x_1, %y_1) : (tensor<?x4xi32, #sym.dims<batch, 4>>, tensor<4x5xi32>) -> tensor<?x5xi32, #sym.dims<batch, 5>> loc("integers")
      %f = "onnx.Cast"(%z) {to = 1} : (tensor<?x5xi32, #sym.dims<batch, 5>>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("cast")
      %p_1 = "onnx.Softmax"(%f) : (tensor<?x5xf32, #sym.dims<batch, 5>>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("softmax")
      "electronic.yield"(%p_1) : (tensor<?x5xf32, #sym.dims<batch, 5>>) -> ()
    }) {why = "HG2002: moves or reshapes data (Cast); HG2003: row statistics (Softmax); HG2004: elements of type i32: nothing bounds their sums, so no format is exact (MatMul)", work = #electronic.work<macs = #sym.expr<"20*batch">, elementwise = #sym.expr<"10*batch">, reduce = #sym.expr<"10*batch">, transcendental = #sym.expr<"5*batch">, moved_bytes = #sym.expr<"20*batch">>} : (tensor<?x4xi32, #sym.dims<batch, 4>>, tensor<4x5xi32>) -> tensor<?x5xf32, #sym.dims<batch, 5>> loc("integers")
    func.return %p : tensor<?x5xf32, #sym.dims<batch, 5>>
  }
}

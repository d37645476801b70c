"""A region of which onnxruntime cannot run every operator: as much as possible on onnxruntime, the rest on reference.

Whether onnxruntime can run an operator with these attributes and element types is found by trying, once. The region
is then cut into stages of alternating kinds: a node belongs to the earliest stage of its kind that comes after all
the nodes it depends on, so there are as few pieces as possible and only what must be slow is slow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from heliograph.runtime.reference import ReferencePiece

if TYPE_CHECKING:
    import onnx


class Piece(Protocol):
    """A model that can run: names of its inputs and outputs, and values in, values out."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """Outputs in order."""


MakeFast = Callable[["onnx.ModelProto"], Piece]  # raises when onnxruntime refuses the model
Verdicts = dict[bytes, str]  # operator with attributes and types -> why onnxruntime cannot run it, empty when it can


@dataclass(frozen=True)
class Slow:
    """A node on the reference evaluator, and why."""

    node: str
    op_type: str
    why: str


class MixedRegion:
    """A region's model in pieces; `wrong` has the nodes, by position, that onnxruntime must not run, and why.

    Raises on creation when there is an operator that nobody can run.
    """

    def __init__(
        self, model: onnx.ModelProto, make_fast: MakeFast, verdicts: Verdicts, wrong: Mapping[int, str]
    ) -> None:
        self.inputs = tuple(v.name for v in model.graph.input)
        self.outputs = tuple(v.name for v in model.graph.output)
        cut = _Cut(model, make_fast, verdicts, wrong)
        self.slow = tuple(cut.slow)
        self._pieces = cut.pieces

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """Outputs in order."""
        known = dict(values)
        for piece in self._pieces:
            known.update(zip(piece.outputs, piece.run(known), strict=True))
        return [known[name] for name in self.outputs]


class _Cut:
    def __init__(
        self, model: onnx.ModelProto, make_fast: MakeFast, verdicts: Verdicts, wrong: Mapping[int, str]
    ) -> None:
        import onnx

        try:
            inferred = onnx.shape_inference.infer_shapes(model)
        except Exception:  # inference is a help, not a need
            inferred = model
        self._model, self._make_fast, self._verdicts = model, make_fast, verdicts
        graph = inferred.graph
        self._types = {v.name: v.type for v in (*graph.value_info, *graph.input, *graph.output) if _is_known(v.type)}
        self._nodes = list(model.graph.node)
        self._readers: dict[str, set[int]] = {v.name: {-1} for v in model.graph.output}
        for position, node in enumerate(self._nodes):
            for name in _used(node):
                self._readers.setdefault(name, set()).add(position)
        self._constants = {t.name: t for t in model.graph.initializer}
        self.slow: list[Slow] = []
        self.pieces: list[Piece] = []
        stages: dict[int, list[int]] = defaultdict(list)
        stage_of: dict[str, int] = {}
        for position, node in enumerate(self._nodes):
            why = wrong.get(position) or self._why_not(position)
            if why:
                self.slow.append(Slow(node.name, node.op_type, why))
            at = max((stage_of.get(name, 0) for name in _used(node)), default=0)
            at += at % 2 != bool(why)
            stage_of.update(dict.fromkeys(node.output, at))
            stages[at].append(position)
        for at in sorted(stages):
            self._add(stages[at], at % 2 == 1)

    def _add(self, positions: list[int], slow: bool) -> None:
        piece = self._cut_out(positions)
        if slow:
            _give_constants(piece.graph)
        else:
            try:
                self.pieces.append(self._make_fast(piece))
                return
            except Exception as problem:  # each alone can run, but not together
                nodes = [self._nodes[i] for i in positions]
                self.slow += [Slow(n.name, n.op_type, _line(problem)) for n in nodes]
        self.pieces.append(ReferencePiece(piece))

    def _why_not(self, position: int) -> str:
        node = self._nodes[position]
        names = [n for n in _used(node) if n not in self._constants]
        untyped = [n for n in names if n not in self._types]
        if untyped:
            return f"the type of '{untyped[0]}' is not known"
        key = self._key(node, names)
        if key not in self._verdicts:
            try:
                self._make_fast(self._cut_out([position]))
                self._verdicts[key] = ""
            except Exception as problem:  # onnxruntime's exceptions share no public base
                self._verdicts[key] = _line(problem)
        return self._verdicts[key]

    def _key(self, node: onnx.NodeProto, names: Sequence[str]) -> bytes:
        import onnx

        plain = onnx.NodeProto()
        plain.CopyFrom(node)
        plain.name = ""
        if not any(_bodies(node)):
            order = {name: str(i) for i, name in enumerate(dict.fromkeys([*node.input, *node.output])) if name}
            for i, name in enumerate(node.input):
                plain.input[i] = order.get(name, "")
            for i, name in enumerate(node.output):
                plain.output[i] = order.get(name, "")
        types = [self._types[n].SerializeToString(deterministic=True) for n in names]
        constants = [bytes(str(self._constants[n].data_type), "ascii") for n in _used(node) if n in self._constants]
        text = b"|".join([plain.SerializeToString(deterministic=True), *types, b"#", *constants])
        return text + str([(o.domain, o.version) for o in self._model.opset_import]).encode()

    def _cut_out(self, positions: list[int]) -> onnx.ModelProto:
        """A model of some of the nodes; its outputs are what others use."""
        import onnx

        nodes, inside = [self._nodes[i] for i in positions], set(positions)
        made = [name for n in nodes for name in n.output if name]
        used = dict.fromkeys(name for n in nodes for name in _used(n))
        for name in made:
            used.pop(name, None)
        outputs = [name for name in made if self._readers.get(name, set()) - inside]
        piece = onnx.ModelProto()
        piece.ir_version = self._model.ir_version
        piece.opset_import.extend(self._model.opset_import)
        piece.graph.name = "piece"
        piece.graph.node.extend(nodes)
        piece.graph.initializer.extend(self._constants[n] for n in used if n in self._constants)
        piece.graph.input.extend(self._info(n) for n in used if n not in self._constants)
        piece.graph.output.extend(self._info(n) for n in outputs)
        return piece

    def _info(self, name: str) -> onnx.ValueInfoProto:
        """Name and element type; sizes are left to the run."""
        import onnx

        info = onnx.ValueInfoProto(name=name)
        if name in self._types:
            info.type.CopyFrom(self._types[name])
            if info.type.HasField("tensor_type"):
                info.type.tensor_type.ClearField("shape")
        return info


def _is_known(kind: onnx.TypeProto) -> bool:
    return kind.tensor_type.elem_type != 0 if kind.HasField("tensor_type") else kind.WhichOneof("value") is not None


def _give_constants(graph: onnx.GraphProto) -> None:
    """Copy constants into the bodies that read them: the reference passes outer values only to If, Loop and Scan."""
    constants = {t.name: t for t in graph.initializer}
    for node in graph.node:
        for body in _bodies(node):
            body.initializer.extend(constants[n] for n in _used(node) if n in constants and n not in node.input)


def _bodies(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def _used(node: onnx.NodeProto) -> list[str]:
    """Names that a node reads, those that its bodies take from outside included."""
    names = dict.fromkeys(n for n in node.input if n)
    for body in _bodies(node):
        inside = {v.name for v in body.input} | {t.name for t in body.initializer}
        inside.update(name for inner in body.node for name in inner.output)
        reads = [*(n for inner in body.node for n in _used(inner)), *(v.name for v in body.output)]
        names.update(dict.fromkeys(n for n in reads if n not in inside))
    return list(names)


def _line(problem: Exception) -> str:
    return " ".join(str(problem).split())

"""`heliograph.simulate_gemm`: one matrix product on simulated light, for arrays, without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from heliograph.ir.diagnostics import error
from heliograph.options import EngineName, Fidelity, check_options, kernel_cache_folder

if TYPE_CHECKING:
    from heliograph.backends import Target
    from heliograph.runtime import EngineStats, KernelCall
    from heliograph.runtime.cache import Recent
    from heliograph.runtime.engines import HeldWeights

Array = npt.NDArray[Any]
_KEPT = 4  # held operands of one OpticalGemm: it needs another where type, signs, stack or calibrated range of x differ
_LOOKED_AT = 1 << 16  # numbers at a time
_ELEMENTS = {"float16": "f16", "float32": "f32", "float64": "f64"}


def simulate_gemm(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    *,
    target: str | Target = "awgr8-28g",
    engine: EngineName = "noisy",
    fidelity: Fidelity = "exact",
    seed: int = 0,
    threads: int | None = None,
    device: str | None = None,
) -> Array:
    """``x @ w`` as the optical processors of a target compute it.

    x: streamed operand [..., M, K]; w: held operand [K, N] or [..., K, N]. Shapes follow `numpy.matmul`, vectors
    included. Floats keep their type, integers of up to 16 bits count as float32 and wider ones as float64; results
    beyond their type are infinite, as in IEEE arithmetic.
    target: ``NAME``, ``NAME{key=value,...}`` (``awgr8-28g{opu.ports_in=16,opu.ports_out=16}``), or a loaded target.
    engine, fidelity, seed: as for `InferenceSession`; "noisy" is the default.
    threads: how many compute the product, all cores by default; the result does not depend on it.
    device: a device of torch ("cuda") for engines "quantized" and "noisy"; None is this processor.

    Formats are the target's: a scale per row of x and per column of w; a sign pass is left out where an operand has no
    negative number. With ``precision.adc_range=calibrated`` the converter's range is set from these operands.

    Raises HeliographError: HG1203 for shapes and HG1204 for types that cannot be multiplied, HG1304 for options that
    are not there, HG2004 where the target's light cannot take the product, HG4001..HG4005 for the target, HG5002 for
    NaN or infinity (engine "ideal" lets them through), HG5003 for the device.
    """
    return OpticalGemm(w, target=target, engine=engine, fidelity=fidelity, seed=seed, threads=threads, device=device)(x)


class OpticalGemm:
    """A held operand: ``OpticalGemm(w)(x)`` is ``simulate_gemm(x, w)``, with w quantized and written only once.

    Parameters and errors are those of `simulate_gemm`. The array `w` is not copied: it must not change afterwards. With
    ``precision.adc_range=calibrated`` it is written again for each x of another range.
    """

    def __init__(
        self,
        w: npt.ArrayLike,
        *,
        target: str | Target = "awgr8-28g",
        engine: EngineName = "noisy",
        fidelity: Fidelity = "exact",
        seed: int = 0,
        threads: int | None = None,
        device: str | None = None,
    ) -> None:
        from heliograph.backends import check_link, family_of, load_target
        from heliograph.runtime.cache import Recent
        from heliograph.runtime.selection import open_engine

        check_options(engine, fidelity, seed, threads)
        self._w = _operand(w, "w")
        self._signed = bool((self._w < 0).any())
        self._target = load_target(target) if isinstance(target, str) else _loaded(target)
        if engine != "ideal":
            check_link(self._target)
        self._family = family_of(self._target)
        self._engine = open_engine(
            engine,
            self._target,
            fidelity=fidelity,
            seed=seed,
            threads=threads,
            device=device,
            kernel_cache=kernel_cache_folder(),
        )
        self._held: Recent[HeldWeights] = Recent(_KEPT)

    @property
    def stats(self) -> EngineStats:
        """What the engine did so far."""
        return self._engine.stats

    def __call__(self, x: npt.ArrayLike) -> Array:
        """``x @ w`` on light."""
        streamed, held = _operand(x, "x"), self._w
        dtype = np.result_type(streamed, held)
        streamed, held = streamed.astype(dtype, copy=False), held.astype(dtype, copy=False)
        rows = streamed[None] if streamed.ndim == 1 else streamed
        columns = held[:, None] if held.ndim == 1 else held
        shape = _product_shape(rows, columns, streamed, held)
        if rows.size and columns.size:
            result = self._multiply(*_matrices(rows, columns, shape)).reshape(shape)
        else:
            result = np.zeros(shape, dtype)
        if streamed.ndim == 1:
            result = result[..., 0, :]
        return result[..., 0] if held.ndim == 1 else result

    def _multiply(self, x: Array, w: Array) -> Array:
        """y[B, M, N] of x[B, M, K] and w[B, K, N]."""
        call = self._call(x, w)
        prepared = self._held.get((call.spec, call.adc_rms, len(w)), lambda: self._engine.hold(call, w))
        return self._engine.multiply(call, x, prepared)

    def _call(self, x: Array, w: Array) -> KernelCall:
        from heliograph.backends import GemmRequest
        from heliograph.compiler.passes.formats import formats_of
        from heliograph.ir.core import sym
        from heliograph.ir.kernel import KernelSpec
        from heliograph.runtime import KernelCall
        from heliograph.runtime.calibration import measure

        (k, n), m = w.shape[1:], x.shape[1]
        request = GemmRequest(k=k, n=n, m=m, lhs_constant=False, rhs_constant=True, element_type=str(x.dtype))
        if reason := self._family.legality(self._target, request):
            raise error("HG2004", reason, remedy="choose another target")
        tile = self._family.tile(self._target)
        lhs, rhs, adc = formats_of(
            self._family.precision(self._target), lhs_signed=_has_negative(x), rhs_signed=self._signed
        )
        spec = KernelSpec(sym(k), sym(n), tile.k, tile.n, tile.vectors, lhs, rhs, adc, _ELEMENTS[x.dtype.name])
        rms = measure(x, w, tile.k).row_slice_rms if adc.range == "calibrated" else None
        return KernelCall(spec, adc_rms=rms, name="simulate_gemm")


def _loaded(target: object) -> Target:
    from heliograph.backends import Target

    if not isinstance(target, Target):
        remedy = 'give its spelling, "awgr8-28g{opu.ports_in=16}", or a loaded target'
        raise error("HG1304", f"target {target!r} is no target", remedy=remedy)
    return target


def _has_negative(x: Array) -> bool:
    """Whether any of [B, M, K] is below zero; looks at a few rows at a time, and no further than it has to."""
    entries, rows, k = x.shape
    height = max(1, _LOOKED_AT // (entries * k))
    return any(bool((x[:, row : row + height] < 0).any()) for row in range(0, rows, height))


def _operand(value: npt.ArrayLike, name: str) -> Array:
    """The operand as a float array. Raises HG1203 for scalars and ragged lists, HG1204 for what is no real number."""
    from heliograph.runtime.arrays import as_array

    array = as_array(value, name)
    if array.dtype.kind in "iu":
        array = array.astype(np.float32 if array.dtype.itemsize <= 2 else np.float64)
    if array.dtype.name not in _ELEMENTS:
        remedy = f"give real numbers: {', '.join(_ELEMENTS)} or integers"
        raise error("HG1204", f"{name} is {array.dtype}, which light cannot carry", remedy=remedy)
    if array.ndim == 0:
        raise error("HG1203", f"{name} is a scalar", remedy="give a vector, a matrix, or a stack of matrices")
    return array


def _product_shape(rows: Array, columns: Array, x: Array, w: Array) -> tuple[int, ...]:
    """Shape of the product of stacks of matrices, as numpy broadcasts them."""
    try:
        batch = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
    except ValueError:
        batch = None
    if batch is None or rows.shape[-1] != columns.shape[-2]:
        remedy = "x is [..., M, K] and w [..., K, N], with sizes before them that broadcast"
        raise error("HG1203", f"x of shape {x.shape} and w of shape {w.shape} cannot be multiplied", remedy=remedy)
    return (*batch, rows.shape[-2], columns.shape[-1])


def _matrices(rows: Array, columns: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Operands as [B, M, K] and [B, K, N]; one held matrix is written once, whatever streams through it."""
    k, n = columns.shape[-2:]
    if columns.size == k * n:
        return rows.reshape(1, -1, k), columns.reshape(1, k, n)
    batch, m = shape[:-2], shape[-2]
    return (
        np.broadcast_to(rows, (*batch, m, k)).reshape(-1, m, k),
        np.broadcast_to(columns, (*batch, k, n)).reshape(-1, k, n),
    )

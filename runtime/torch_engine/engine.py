"""The engine: quantizing and decoding as `AnalogEngine` does it, detection on the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heliograph.ir.reference.converters import signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.analog import AnalogEngine
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.held import SlicedWeights
from heliograph.runtime.torch_engine.device import open_device

if TYPE_CHECKING:
    from heliograph.runtime.engines.analog import StreamedOperand
    from heliograph.runtime.engines.blocks import Block
    from heliograph.runtime.engines.detect import Chain
    from heliograph.runtime.engines.noise import NoiseOf
    from heliograph.runtime.torch_engine.detect import DevicePart

_BLOCK_ELEMENTS = 1 << 20  # results of a block: enough to keep a GPU busy


@dataclass(frozen=True)
class DeviceWeights(SlicedWeights):
    """Weights on both sides; `nbytes` counts both."""

    on_device: tuple[DevicePart, ...]


class TorchEngine(AnalogEngine):
    """Engine "noisy" on a torch device. The noise has the same distribution as on the processor, not the same bits.
    Static beats are left to the processor.

    Equal seed, device, versions and operands give equal results, whatever the number of threads. Raises HG5003 where
    torch or the device is missing.
    """

    def __init__(self, device: str, noise_of: NoiseOf | None = None, *, fast: bool = False, seed: int = 0) -> None:
        self._device = open_device(device)
        super().__init__(noise_of, fast=fast, seed=seed, block_elements=_BLOCK_ELEMENTS)

    def hold(self, call: KernelCall, weights: Array) -> DeviceWeights:
        """Quantize and write the weights, and copy them to the device."""
        from heliograph.runtime.torch_engine.detect import DevicePart

        held = super().hold(call, weights)
        parts = tuple(DevicePart.of(p, self._device) for p in held.parts)
        return DeviceWeights(held.parts, held.scale, held.code_sum, held.k, 2 * held.nbytes, parts)

    def _exact(self, chain: Chain, stream: StreamedOperand, held: SlicedWeights, block: Block) -> Array:
        import torch

        from heliograph.runtime.torch_engine.detect import detect_exact

        assert isinstance(held, DeviceWeights)
        if chain.noise.beat:
            return super()._exact(chain, stream, held, block)
        total = torch.zeros((), device=self._device)
        for number, sign in enumerate(signs(stream.call.spec.lhs)):
            light = torch.from_numpy(stream.light(block, sign)).to(self._device)
            for other, (part, here) in enumerate(zip(held.parts, held.on_device, strict=True)):
                pass_ = number * len(held.parts) + other
                total = total + sign * part.sign * detect_exact(chain, light, here, pass_, block)
        return np.asarray(total.cpu().numpy())

    def _once(
        self, chain: Chain, stream: StreamedOperand, held: SlicedWeights, block: Block, groups: Array | None
    ) -> Array:
        """The variance comes from all products in any case."""
        import torch

        from heliograph.runtime.torch_engine.detect import detect_at_once, generator

        assert isinstance(held, DeviceWeights)
        total = torch.zeros((), device=self._device)
        spread = torch.zeros((), device=self._device)
        for sign in signs(stream.call.spec.lhs):
            light = torch.from_numpy(stream.light(block, sign)).to(self._device)
            for part, here in zip(held.parts, held.on_device, strict=True):
                product, more = detect_at_once(chain, light, here, block)
                total = total + sign * part.sign * product
                spread = spread + more
        random = generator(chain.source, (chain.layer, "fast", block.first_row(chain.rows)), self._device)
        z = torch.randn(total.shape, dtype=total.dtype, device=self._device, generator=random)
        return np.asarray((total + torch.sqrt(spread) * z).cpu().numpy())

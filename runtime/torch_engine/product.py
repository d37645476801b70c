"""The product of one call on a torch device, from the upload of its inputs to the download of its result."""

from __future__ import annotations

import torch

from heliograph.ir.weights import Array
from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import narrowed, rescaled
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.stream import stream_key
from heliograph.runtime.engines.suits import Verdict
from heliograph.runtime.torch_engine.decode import Decoder
from heliograph.runtime.torch_engine.detect import Light, as_light, detect_exact
from heliograph.runtime.torch_engine.held import DeviceWeights
from heliograph.runtime.torch_engine.once import detect_at_once, features
from heliograph.runtime.torch_engine.operand import DeviceOperand
from heliograph.runtime.torch_engine.reading import SliceReader
from heliograph.runtime.torch_engine.upload import uploaded
from heliograph.runtime.windows import Streamed


def product(
    chain: Chain,
    call: KernelCall,
    inputs: Streamed,
    held: DeviceWeights,
    fast: Verdict | None,
    cut: list[Block],
    read: SliceReader,
) -> Array:
    """y[B, M, N], neither empty, computed in the blocks `cut`; `fast` is None where every detection is simulated.

    Raises HG5002 for NaN or infinity.
    """
    key = stream_key(chain.source.seed, "detect" if fast is None else "fast", chain.layer)
    operand = DeviceOperand(call, inputs, chain.noise, held.device)
    scale = operand.measure(cut)
    row_scale, decode = uploaded(scale, held.device), Decoder(call, held, scale)
    result = torch.empty((*inputs.shape[:2], held.columns), dtype=row_scale.dtype, device=held.device)
    for block in cut:
        codes = operand.codes(row_scale, block)
        light = _light(chain, operand, codes, held)
        if fast is None:
            total = detect_exact(chain, light, held, key, block, read)
        else:
            grouped = _features(chain, operand, codes, held) if fast is Verdict.FAST else None
            total = detect_at_once(chain, light, grouped, held, key, block)
        sums = operand.code_sums(codes) if decode.needs_code_sums else None
        result[block.where] = decode(total.view(*block.shape, -1)[..., : held.columns], sums, block)
    return narrowed(rescaled(result.cpu().numpy(), decode.scales), inputs.dtype)


def _light(chain: Chain, operand: DeviceOperand, codes: Light, held: DeviceWeights) -> Light:
    floor = chain.noise.extinction_floor
    return {s: held.by_entry(as_light(operand.mixed(own), held, floor)) for s, own in codes.items()}


def _features(chain: Chain, operand: DeviceOperand, codes: Light, held: DeviceWeights) -> Light:
    """What the symbol before leaves over comes in as its light does."""
    own = {s: as_light(c, held, chain.noise.extinction_floor) for s, c in codes.items()}
    return {s: held.by_entry(operand.mixed(features(t, held.slices, held.k))) for s, t in own.items()}

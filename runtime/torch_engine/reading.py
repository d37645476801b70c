"""What happens to partial sums between photodiode and accumulator, as one function of tensors.

It is pointwise, so that torch.compile makes one Triton kernel of it on a GPU: numbers are drawn, used and forgotten in
registers, and states and totals stay there for `SLICES` slices. Coefficients and the number of outputs are arguments,
so there is one kernel per set of noise terms, not per layer. torch.compile tells views apart by where they begin, and
would compile again; so the arguments are tensors of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import torch

from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.torch_engine.stream import State, normals, step

SLICES = 4  # read at a time
Read = Callable[..., tuple[torch.Tensor, State | None]]


def coefficients(chain: Chain, sign: int, like: torch.Tensor) -> torch.Tensor:
    """What `read_slices` needs to know of a chain, as a vector like a tensor."""
    noise, adc = chain.noise, chain.adc
    inverse = 1 / adc.step if adc.step else 0.0
    terms = (noise.c0, noise.c1, noise.c2, noise.c3, chain.repeats, adc.low, adc.high, inverse, adc.step, sign)
    return torch.tensor(terms, dtype=like.dtype, device=like.device)


def read_slices(
    total: torch.Tensor,
    sums: torch.Tensor,
    magnitudes: torch.Tensor | None,
    squares: torch.Tensor | None,
    state: State | None,
    terms: torch.Tensor,
    cubics: torch.Tensor,
    converts: bool,
) -> tuple[torch.Tensor, State | None]:
    """The total [outputs] with the readings of some slices, one after the other, and the next state.

    sums: partial sums [slices, outputs]. magnitudes, squares: sum |t| |w| and sum t^2 w^2 likewise, None where the
    variance has no such term. state: None where nothing is drawn. terms: `coefficients`. converts: whether there is
    an ADC.
    """
    for s in range(len(sums)):
        partial = sums[s]
        if state is not None:
            bits, state = step(state)
            variance = terms[0]
            if magnitudes is not None:
                variance = variance + magnitudes[s] * (terms[1] + terms[2] * magnitudes[s])
            if squares is not None:
                variance = variance + terms[3] * squares[s]
            sigma = torch.sqrt(variance.clamp(min=0) / terms[4])  # c3 >= -c2, but rounding may turn that negative
            partial = partial + sigma * normals(bits, cubics)
        if converts:
            partial = torch.round(torch.clamp(partial, terms[5], terms[6]) * terms[7]) * terms[8]
        total = total + terms[9] * partial
    return total, state


class SliceReader:
    """`read_slices`, compiled where that is wanted and works; `compiled` says which of them runs."""

    def __init__(self, *, compiled: bool) -> None:
        self.compiled = compiled
        self._compiled: Read = torch.compile(read_slices, dynamic=True) if compiled else read_slices

    def __call__(self, *arguments: object) -> tuple[torch.Tensor, State | None]:
        """As `read_slices`."""
        if self.compiled:
            try:
                return self._compiled(*arguments)
            except RuntimeError:  # all errors of torch.compile are; one of another cause will be raised again below
                self.compiled = False
        uncompiled: Read = read_slices
        return uncompiled(*arguments)


def compiles_on(device: torch.device) -> bool:
    """Whether torch.compile makes Triton kernels for a device."""
    return device.type == "cuda" and find_spec("triton") is not None

"""Other simulators of analog matrix products, where they are installed, each set as near to ours as it can be.

A slice of an optical processor is what aihwkit calls a tile: `mapping.max_input_size` = ports gives every slice an ADC
and output noise of its own, accumulated digitally. Where a choice is left they get the faster one: operands are scaled
before the clock starts, so neither looks for bounds nor scales rows during the product, and noise has one standard
deviation (ours grows with the light). AnalogVNN has no slices: one noise and one rounding per output.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable
from importlib.metadata import version

import numpy as np

from heliograph.backends import family_of, load_target

NOISE = 0.02  # of a full input times a full weight
MODULES = {"aihwkit": "aihwkit", "AnalogVNN": "analogvnn"}


def versions() -> dict[str, str]:
    """Versions of the peers that are installed."""
    return {name: version(module) for name, module in MODULES.items() if importlib.util.find_spec(module)}


def peers(x: np.ndarray, w: np.ndarray, target: str) -> dict[str, Callable[[], object]]:
    """What the peers do for ``x @ w`` with the slices and converters of a target; empty where none is installed."""
    loaded = load_target(target)
    family = family_of(loaded)
    precision = family.precision(loaded)
    if precision is None:  # no converters: nothing to compare
        return {}
    inputs, adc = 1 / (2**precision.input_bits - 2), 1 / (2**precision.adc_bits - 2)
    x = x / np.abs(x).max(axis=1, keepdims=True)
    w = w / np.abs(w).max(axis=0)
    runs: dict[str, Callable[[], object]] = {}
    if importlib.util.find_spec("aihwkit"):
        runs |= _aihwkit(x, w, family.tile(loaded).k, inputs, adc)
    if importlib.util.find_spec("analogvnn"):
        runs["AnalogVNN"] = _analogvnn(x, w, precision.input_bits, precision.adc_bits)
    return runs


def _aihwkit(x: np.ndarray, w: np.ndarray, ports: int, inputs: float, adc: float) -> dict[str, Callable[[], object]]:
    """Both of its tiles, C++ and torch; `inputs` and `adc` are steps of the converters by their range."""
    import torch
    from aihwkit.nn import AnalogLinearMapped
    from aihwkit.simulator.configs import (
        BoundManagementType,
        IdealDevice,
        IOParameters,
        MappingParameter,
        NoiseManagementType,
        SingleRPUConfig,
        TorchInferenceRPUConfig,
    )

    forward = IOParameters(
        inp_res=inputs,
        out_res=adc,
        out_noise=NOISE,
        out_bound=math.sqrt(ports),
        bound_management=BoundManagementType.NONE,
        noise_management=NoiseManagementType.NONE,
    )
    mapping = MappingParameter(max_input_size=ports, max_output_size=0)
    configs = {
        "aihwkit C++": lambda: SingleRPUConfig(device=IdealDevice(), forward=forward, mapping=mapping),
        "aihwkit": lambda: TorchInferenceRPUConfig(forward=forward, mapping=mapping),
    }
    a, weights = torch.from_numpy(x), torch.from_numpy(np.ascontiguousarray(w.T))
    runs: dict[str, Callable[[], object]] = {}
    for name, config in configs.items():
        try:
            layer = AnalogLinearMapped(*w.shape, bias=False, rpu_config=config()).eval()
            layer.set_weights(weights)
        except RuntimeError as problem:  # its C++ part was built for another torch
            print(f"{name} is left out: {problem}", file=sys.stderr)
            continue
        runs[name] = torch.no_grad()(lambda layer=layer: layer(a))
    return runs


def _analogvnn(x: np.ndarray, w: np.ndarray, input_bits: int, adc_bits: float) -> Callable[[], object]:
    import torch
    from analogvnn.nn.noise.GaussianNoise import GaussianNoise
    from analogvnn.nn.precision.ReducePrecision import ReducePrecision

    dac, adc = (ReducePrecision(precision=round(2**bits - 1)) for bits in (input_bits, adc_bits))
    noise = GaussianNoise(std=NOISE, precision=round(2**adc_bits - 1))
    a, b = torch.from_numpy(x), dac(torch.from_numpy(w))
    return torch.no_grad()(lambda: adc(noise(dac(a) @ b)))

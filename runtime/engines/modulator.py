"""What a Mach-Zehnder modulator puts on light for a number: its transfer is sin(pi v / 2) of the drive v, or sin^2.

`NoiseModel.modulator` says how it is driven:

- "ideal": light follows the code. The codes are those of `encode`.
- "sine": the code is the drive, and the light is off by the curve of the transfer.
- "predistorted": the drive is the inverse of the transfer, rounded to the codes of the DAC. Light follows the number,
  but the DAC's steps on light are up to pi/2 wider than even ones.

The digital side takes the light for the codes in every case.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from heliograph.ir.dialects import Quant
from heliograph.ir.reference.converters import carrier
from heliograph.ir.weights import Array
from heliograph.runtime.engines.coding import encode
from heliograph.runtime.engines.noise import NoiseModel


def modulate(values: Array, scale: Array, quant: Quant, sign: int, noise: NoiseModel) -> Array:
    """Light of one part of an operand, as a share of full scale: in [0, 1], or [-1, 1] where fields carry signs."""
    if noise.modulator == "ideal":
        return encode(values, scale, quant, sign)
    if noise.modulator == "sine":
        return _transfer(encode(values, scale, quant, sign), noise.modulator_power)
    share = encode(values, scale, replace(quant, bits=0), sign)
    if carrier(quant) != "balanced":
        np.maximum(share, 0, out=share)
    if not quant.bits:
        return share
    levels = 2**quant.bits - 1
    root = np.abs(share) ** (1 / noise.modulator_power)
    drive = np.copysign(np.arcsin(root) * (2 / np.pi), share)
    return _transfer(np.rint(drive * levels) / levels, noise.modulator_power)


def _transfer(drive: Array, power: int) -> Array:
    light: Array = np.copysign(np.abs(np.sin(drive * (np.pi / 2))) ** power, drive)
    return light

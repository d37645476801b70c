"""What the simulator applies to one detected partial sum."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SliceNoise:
    """Noise of one detection of one output, one symbol, one tile, in normalised units.

    Unit: one input at full scale times one weight at full scale is 1. With t(x) = r + (1 - r) x, x in [0, 1],

        total = sum_p t(x_p) |w_pq|      sumsq = sum_p (t(x_p) w_pq)^2
        variance = c0 + c1 total + c2 total^2 + c3 sumsq

    c0 thermal, dark current and ASE-ASE; c1 shot; c2 noise common to all channels (one-pump RIN) and in-band
    leak with random phases; c3 noise of each channel by itself (independent RIN, signal-ASE, jitter), less the
    leak of a channel onto itself that c2 counts too. So c3 may be negative, down to -c2; the variance never is.
    The rest is not drawn per symbol: `leak[q][q']` adds leak[q][q'] w[p][q'] to w[p][q]; `weight_sigma` is the
    rms error of each written weight, drawn once per write; `isi` is the share of the previous symbol of the same
    output left in this one. The ADC rounds to multiples of `adc_step` (0: no rounding) and saturates at
    `adc_low`, `adc_high`; with a calibrated range these are for operands uniform over their range, and a program
    that knows its data takes +- `adc_range_rms` measured rms around the mean instead. Averaging R repeats
    divides what is drawn per symbol by R, nothing else: the numbers here are for one detection.

    Two fields make the sums something else than products with a fixed matrix. `beat[p][p']`, where not empty, is the
    amplitude 2 sqrt(eps) of a static beat of the light of inputs p and p' in one band, which goes with
    sqrt(t(x_p) t(x_p')). `modulator` says how a transfer of sin(pi v / 2)^modulator_power is driven: "ideal" (light
    follows codes), "predistorted" (it does, but the DAC's steps are wider by the transfer's slope) or "sine" (codes are
    the drive). An engine that knows neither must leave targets with them to the engine that defines the arithmetic.
    """

    c0: float
    c1: float
    c2: float
    c3: float
    extinction_floor: float
    leak: tuple[tuple[float, ...], ...]
    weight_sigma: float
    isi: float
    adc_step: float
    adc_low: float
    adc_high: float
    adc_range_rms: float
    beat: tuple[tuple[float, ...], ...] = ()
    modulator: str = "ideal"
    modulator_power: int = 2

    def variance(self, total: float, sumsq: float) -> float:
        """Variance of what is drawn per symbol, for given total and sumsq."""
        return max(self.c0 + self.c1 * total + self.c2 * total**2 + self.c3 * sumsq, 0.0)


NO_NOISE = SliceNoise(0.0, 0.0, 0.0, 0.0, 0.0, (), 0.0, 0.0, 0.0, -math.inf, math.inf, 0.0)

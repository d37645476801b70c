"""The link budget of one detected partial sum."""

from __future__ import annotations

import math

from heliograph.backends.families.awgr.light import leak_matrix, light
from heliograph.backends.families.awgr.noise import drift_error, isi_share, setting_error, terms
from heliograph.backends.families.awgr.operands import uniform
from heliograph.backends.families.awgr.receiver import adc_range
from heliograph.backends.link import LinkBudget, NoiseRow
from heliograph.backends.physics.devices import extinction_floor
from heliograph.backends.precision import Precision
from heliograph.backends.target import Target


def link_budget(target: Target, precision: Precision) -> LinkBudget:
    """Evaluate every term for uniform operands, all ports in use, on the output with most leak."""
    path, ports = light(target), target.opu.ports_in
    floor = extinction_floor(target.mzm.extinction_db)
    moments = uniform(ports, floor, signed_weights=precision.rails == 2)
    ua = path.current_a * 1e6
    rows = [
        NoiseRow(
            t.name,
            ua * math.sqrt(t.c0 + t.c1 * moments.total + t.c2 * moments.total**2 + t.c3 * moments.sumsq),
            averages=True,
        )
        for t in terms(target, precision.rails)
    ]
    weights = math.sqrt(moments.inputs_sq)
    if target.noise.out_of_band:
        leak = max(math.sqrt(math.fsum(e**2 for e in row)) for row in leak_matrix(target))
        rows.append(NoiseRow("out-of-band", ua * moments.rms * leak, averages=False))
    if target.noise.weight_setting:
        rows.append(NoiseRow("weight setting", ua * weights * setting_error(target), averages=False))
    if target.noise.drift:
        rows.append(NoiseRow("ring drift", ua * weights * drift_error(target), averages=False))
    if target.noise.isi:
        rows.append(NoiseRow("inter-symbol", ua * moments.rms * isi_share(target), averages=False))
    rows.append(NoiseRow("adc", ua * adc_range(target, precision).step / math.sqrt(12), averages=True))
    return LinkBudget(
        power=path.rows,
        noise=tuple(rows),
        received_dbm=path.received_dbm,
        p1_uw=path.power_w * 1e6,
        i1_ua=ua,
        full_scale_ua=ua * ports * precision.rails,
        mean_ua=ua * moments.mean,
        signal_rms_ua=ua * moments.rms,
        bandwidth_ghz=path.bandwidth_hz / 1e9,
        osnr_db=path.osnr_db,
        repeats=precision.repeats,
    )

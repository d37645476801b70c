"""What is known of one detected partial sum on AWGR hardware."""

from __future__ import annotations

from heliograph.backends.families.awgr.light import beat_matrix, leak_matrix, light
from heliograph.backends.families.awgr.noise import drift_error, in_band, isi_share, setting_error, terms
from heliograph.backends.families.detection import Detection
from heliograph.backends.families.operands import uniform
from heliograph.backends.physics.devices import extinction_floor
from heliograph.backends.precision import Precision
from heliograph.backends.target import Target


def detection(target: Target, precision: Precision) -> Detection:
    """Uniform operands, all ports in use; with two rails each has its own photodiode and amplifier."""
    path, ports, outs, signed = light(target), target.opu.ports_in, target.opu.ports_out, precision.rails == 2
    on = target.noise
    floor = extinction_floor(target.mzm.extinction_db) if on.extinction else 0.0
    moments = uniform(ports, floor, signed_weights=signed)
    static = on.in_band == "static"
    errors = (("weight setting", on.weight_setting, setting_error), ("ring drift", on.drift, drift_error))
    return Detection(
        power=path.rows,
        received_dbm=path.received_dbm,
        power_w=path.power_w,
        unit_a=path.current_a,
        bandwidth_hz=path.bandwidth_hz,
        osnr_db=path.osnr_db,
        ports=ports,
        signed=signed,
        moments=moments,
        floor=floor,
        terms=terms(target, precision.rails),
        weight_errors=tuple((name, error(target)) for name, switched, error in errors if switched),
        leak=leak_matrix(target) if on.out_of_band else ((0.0,) * outs,) * outs,
        isi=isi_share(target),
        range_rms=target.adc.range_rms,
        beat=beat_matrix(target) if static else (),
        in_band_rms=in_band(target).rms(moments) if static else 0.0,
        modulator=on.modulator,
    )

"""Names of everything an `Activity` counts. A price list may only speak of these.

Events are counted in pieces; powered components in device-picoseconds (devices x time).
"""

from __future__ import annotations

# events
MZM_SYMBOL = "mzm.symbol"  # one input put on light for one symbol
DAC_SAMPLE = "dac.sample"  # the conversion that drives it
ADC_SAMPLE = "adc.sample"  # one output read for one symbol
RING_WRITE = "ring.write"  # one ring set to a new weight
WEIGHT_DAC_SAMPLE = "weight_dac.sample"  # the conversion that sets it
WEIGHT_SYMBOL = "weight_mzm.symbol"  # one weight put on light for one symbol, where weights are streamed
OPU_MAC = "opu.mac"  # useful multiply-accumulates on light (no padding)
MAC = "electronics.mac"
ELEMENTWISE = "electronics.elementwise"
REDUCE = "electronics.reduce"
TRANSCENDENTAL = "electronics.transcendental"
REGISTER_BYTE = "memory.register_byte"
SRAM_BYTE = "memory.sram_byte"
HBM_BYTE = "memory.hbm_byte"
DRAM_BYTE = "memory.dram_byte"
NETWORK_BIT = "network.bit"

# powered components, in device-picoseconds
LASER = "laser"
RING = "ring"
PHOTODIODE = "photodiode"
TIA = "tia"
MZM = "mzm"
DAC = "dac"
ADC = "adc"
AMPLIFIER = "amplifier"
WEIGHT_MZM = "weight_mzm"
WEIGHT_DAC = "weight_dac"
ROUTER = "router"
INPUT_RING = "input_ring"
LOCAL_OSCILLATOR = "local_oscillator"
PHASE_SHIFTER = "phase_shifter"
INTEGRATOR = "integrator"
ELECTRONICS = "electronics"

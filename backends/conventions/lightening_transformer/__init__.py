"""Energy and latency as the public simulator of Lightening-Transformer (Zhu et al., HPCA 2024) counts them.

Option ``lightening-transformer`` of the accounting: `lt_cost` takes a list of contractions and one of our targets
(families coherent, ring_bank, mzi_mesh), reads device numbers from it, and adds the simulator's own constants
(`constants.py`) and conventions, which differ from ours (docs/cost.md):

- laser power from detector sensitivity x 2^bits, without a factor for wavelengths; ours from the launch power.
- energy is events x energy only: no static, idle or leakage term, so waiting costs nothing.
- true edges for converters and modulators, padded blocks for laser and cycles; ours: idle ports stay dark, all
  devices are powered for the whole time.
- converters linear (ADC) or 2^b / b (DAC) in bits; ours Walden x 2^ENOB and 2^b / (b + 1).
- operands shared by tiles, converters shared by the cores of a tile; ours: every core has its own.
- ring banks reload in no time; the laser is not charged while a mesh settles.

`quirks` of `lt_cost` (default on, as published) keeps what looks like oversights.
"""

from heliograph.backends.conventions.lightening_transformer.area import lt_area_mm2
from heliograph.backends.conventions.lightening_transformer.cost import LtCost, LtRow, lt_cost
from heliograph.backends.conventions.lightening_transformer.power import lt_power_mw

__all__ = ["LtCost", "LtRow", "lt_area_mm2", "lt_cost", "lt_power_mw"]

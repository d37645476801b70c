"""What calibration learns of a contraction: runtime measures it, the compiler chooses formats by it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """Statistics of one contraction over all calibration inputs.

    absmax: largest magnitude of the streamed operand. slice_rms, row_slice_rms: rms of the partial sums of one weight
    tile, as a fraction of (full-scale input) x (full-scale weight), with inputs scaled by `absmax` and by the largest
    magnitude of each row; weights are scaled per output column.
    """

    absmax: float
    slice_rms: float
    row_slice_rms: float

"""What users give, as arrays of numpy: nothing is guessed, and nothing left out in silence."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from heliograph.ir.diagnostics import error
from heliograph.runtime.dtypes import Array


def as_array(value: Any, name: str) -> Array:
    """`value` as an array, not copied where it is one; `name` is for messages.

    Raises HG1203 for ragged lists, HG1204 for masked entries and for objects that refuse to become an array, such as
    tensors of torch that are on a GPU, need gradients, or are of a type that numpy lacks.
    """
    if np.ma.is_masked(value):
        message = f"{name} has {np.count_nonzero(np.ma.getmaskarray(value))} masked entries, which have no value"
        raise error("HG1204", message, remedy="fill them first: x.filled(0)")
    try:
        array: npt.NDArray[Any] = np.asarray(value)
    except ValueError as problem:
        raise error("HG1203", f"{name} is no array: {problem}", remedy="give rows of equal length") from problem
    except (TypeError, RuntimeError) as problem:  # what __array__ of other libraries raises
        message = f"{name} is a {type(value).__name__} that is no array: {problem}"
        raise error("HG1204", message, remedy="make it an array of numpy first") from problem
    return array

"""A grid of pictures, one row per engine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np


def save_grid(path: Path, rows: Mapping[str, np.ndarray], title: str) -> None:
    """Write a PNG with one labelled row of images [n, 1, h, w] (0 = paper, 1 = ink) per entry."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    columns = max(len(images) for images in rows.values())
    figure, axes = plt.subplots(
        len(rows), columns, figsize=(0.9 * columns + 1.4, 1.0 * len(rows) + 0.5), squeeze=False, layout="constrained"
    )
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for axis, image in zip(line, images, strict=False):
            axis.imshow(image[0], cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
        for axis in line:
            axis.set_xticks([])
            axis.set_yticks([])
            for spine in axis.spines.values():
                spine.set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=11)
    figure.suptitle(title, fontsize=9)
    partial = path.with_name(f".{path.name}.partial")
    figure.savefig(partial, dpi=150, format="png", metadata={"Software": "heliograph"})
    os.replace(partial, path)
    plt.close(figure)

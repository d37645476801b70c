"""In-band leak with phases that stand still: light of two inputs on one wavelength beats on a photodiode.

Input p reaches output q on the wavelength that input p' uses for output q' = q + p' - p, of which the router leaks a
share eps to q. The two fields add up, and the photodiode sees, besides p's own light,

    2 sqrt(eps) cos(phi_pp'q) sqrt(t_p |w_pq| t_p' |w_p'q'|)

which no weight can make up for, since it goes with roots of products of inputs. The phases belong to the paths of the
router: drawn once per seed, the same for all tiles and symbols.
"""

from __future__ import annotations

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.random import NoiseSource


def pair_roots(light: Array) -> Array:
    """sqrt(t_p t_p') for p < p' [..., pairs] of light [..., ports]."""
    first, second = np.triu_indices(light.shape[-1], 1)
    roots = np.sqrt(np.abs(light))
    result: Array = roots[..., first] * roots[..., second]
    return result


def pair_weights(written: Array, amplitudes: Array, tile_n: int, source: NoiseSource) -> Array:
    """What multiplies `pair_roots` [B, slices, pairs, N], from codes [B, slices, ports, N].

    `amplitudes[p][p']` is 2 sqrt(eps) of the leak from input p' into the band of input p.
    """
    ports, columns = written.shape[-2:]
    cyclic = max(ports, tile_n)
    cosines = _cosines(source, ports, tile_n)
    first, second = np.triu_indices(ports, 1)
    result = np.empty((*written.shape[:2], len(first), columns), written.dtype)
    for start in range(0, columns, tile_n):
        roots = np.sqrt(np.abs(written[..., start : start + tile_n]))
        width = roots.shape[-1]
        lit = np.zeros((*roots.shape[:-1], cyclic), roots.dtype)
        lit[..., :width] = roots
        total: Array | float = 0.0
        for own, other in ((first, second), (second, first)):
            outputs = (np.arange(width) + (other - own)[:, None]) % cyclic
            share = amplitudes[own, other][:, None] * cosines[own, other, :width]
            total = total + share * roots[..., own, :] * lit[..., other[:, None], outputs]
        result[..., start : start + width] = total
    return result


def _cosines(source: NoiseSource, ports: int, tile_n: int) -> Array:
    """cos(phi) of uniform phases [p, p', q]: a pair of normals is a vector of uniform direction."""
    pairs = source.normals("phase", (), 0, 2 * ports * ports, tile_n).reshape(2, ports, ports, tile_n)
    result: Array = pairs[0] / np.hypot(pairs[0], pairs[1])
    return result

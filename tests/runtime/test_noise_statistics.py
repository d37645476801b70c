"""Distribution, moments and independence of what the engines draw, against probabilities computed here in float64.

Rows of one and the same input are detected thousands of times. With fidelity "exact" every slice is rounded by the
ADC, so a result is a sum of integers whose probabilities are those of a normal number that falls between two edges,
convolved over slices and passes. With "fast" it is normal. Either way its probability integral transform is uniform.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from engine_cases import kinds_of_code
from runtime_programs import kernel_spec

from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute, make_engine
from heliograph.runtime.engines.suits import GROUPING_LIMIT

PORTS, SLICES, COLUMNS = 8, 3, 21
ROWS = 6000  # fewer would be too few for fast fidelity to be judged
TERMS = {
    "thermal": Noise(c0=0.02),
    "shot": Noise(c1=0.01),
    "relative": Noise(c2=0.004),
    "per channel": Noise(c3=0.03),
    "channels that share": Noise(c0=0.002, c2=0.006, c3=-0.004),
    "floor": Noise(c0=0.01, c1=0.004, extinction_floor=0.03),
    "leak": Noise(c0=0.01, c1=0.004, leak=np.full((PORTS, PORTS), 0.01) * (1 - np.eye(PORTS))),
    "sum": Noise(0.004, 0.002, 0.001, 0.002, 0.02, np.full((PORTS, PORTS), 0.004), 0.0, 0.0),
}
SCHEMES = [("unipolar", "balanced"), ("two-pass", "balanced"), ("offset", "balanced"), ("two-pass", "two-pass")]
FAST_SCHEMES = SCHEMES[:3]  # small positive weights give sums so near 0 that the ADC cuts off their noise
CASES = [(scheme, False) for scheme in SCHEMES] + [(scheme, True) for scheme in FAST_SCHEMES]


@dataclass(frozen=True)
class Case:
    """One row of inputs in whole levels, weights in whole levels, and how they are detected."""

    noise: Noise
    scheme: tuple[str, str]
    repeats: int
    bits: float
    levels: int = 63

    def operands(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares of full scale: x[K], w[K, N] with an element of 1 in every column."""
        rng = np.random.default_rng(11)
        k = PORTS * SLICES - 2  # two ports of the last slice are dark
        x = (2 * rng.integers(-self.levels // 2, self.levels // 2, k, endpoint=True) + 1) / self.levels  # see `_parts`
        w = rng.integers(-self.levels, self.levels, (k, COLUMNS), endpoint=True) / self.levels
        w[0] = 1
        lhs, rhs = self.scheme
        return np.abs(x) if lhs == "unipolar" else x, np.abs(w) if rhs == "unipolar" else w

    @property
    def step(self) -> float:
        """Of the ADC at full scale."""
        return PORTS * (2 if "balanced" in self.scheme else 1) / 2.0**self.bits

    @property
    def lowest(self) -> float:
        """End of the ADC's range."""
        return -float(PORTS) if "balanced" in self.scheme else 0.0

    def detections(self) -> list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
        """Sign, mean, standard deviation and known part of each detection, per column."""
        x, w = self.operands()
        noise, found = self.noise, []
        ports = ((0, PORTS * SLICES - len(x)),)
        for (plus_x, lit), (plus_w, written) in itertools.product(_parts(x, self.scheme[0]), _parts(w, self.scheme[1])):
            lit, written = np.pad(lit, ports), np.pad(written, (*ports, (0, 0)))
            lit = noise.extinction_floor + (1 - noise.extinction_floor) * lit
            met = _leaked(written, np.asarray(noise.leak)) if len(noise.leak) else written
            for s in range(SLICES):
                own = slice(s * PORTS, (s + 1) * PORTS)
                light, weights = lit[own], met[own]
                total, squares = np.abs(light) @ np.abs(weights), light**2 @ weights**2
                variance = noise.c0 + noise.c1 * total + noise.c2 * total**2 + noise.c3 * squares
                known = noise.extinction_floor * written[own].sum(axis=0)
                found.append((plus_x * plus_w, light @ weights, np.sqrt(variance / self.repeats), known))
        return found

    def normal_scores(self, results: np.ndarray, rng: np.random.Generator, *, fast: bool) -> np.ndarray:
        """Results [rows, N] as standard normal numbers, if their distribution is the one expected."""
        noise, w = self.noise, self.operands()[1]
        gain = 2 if self.scheme[0] == "offset" else 1  # (2 code - 1), and the sum of weights that the -1 meets
        sums = results + w.sum(axis=0) if gain == 2 else results
        detections = self.detections()
        sums = sums / gain * (1 - noise.extinction_floor) + sum(sign * known for sign, _, _, known in detections)
        if fast:
            mean = sum(sign * mean for sign, mean, _, _ in detections)
            variance = sum(sigma**2 + self.step**2 / 12 for _, _, sigma, _ in detections)
            return (sums - mean) / np.sqrt(variance)
        codes = np.rint(sums / self.step).astype(int)
        np.testing.assert_allclose(codes * self.step, sums, atol=2e-4 * PORTS)  # nothing but whole codes comes out
        uniform = np.empty(results.shape)
        for column in range(COLUMNS):
            first, chances = self._codes(column)
            below = np.concatenate([[0.0], np.cumsum(chances)])
            place = np.clip(codes[:, column] - first, 0, len(chances) - 1)
            uniform[:, column] = below[place] + rng.random(len(results)) * chances[place]
        return _normal_of(np.clip(uniform, 1e-12, 1 - 1e-12))

    def _codes(self, column: int) -> tuple[int, np.ndarray]:
        """The least sum of codes and the probability of each from there on."""
        ends = np.rint(np.array([self.lowest, PORTS]) / self.step).astype(int)
        edges = np.arange(ends[0], ends[1]) + 0.5
        first, chances = 0, np.ones(1)
        for sign, mean, sigma, _ in self.detections():
            below = np.array([_share_below((e * self.step - mean[column]) / max(sigma[column], 1e-12)) for e in edges])
            own = np.diff(np.concatenate([[0.0], below, [1.0]]))
            first += int(ends[0] if sign > 0 else -ends[1])
            chances = np.convolve(chances, own if sign > 0 else own[::-1])
        return first, chances


def _parts(values: np.ndarray, scheme: str) -> list[tuple[int, np.ndarray]]:
    if scheme == "two-pass":
        return [(1, np.maximum(values, 0)), (-1, np.maximum(-values, 0))]
    if scheme == "offset":  # odd numbers of levels become whole ones
        return [(1, (values + 1) / 2)]
    return [(1, values)]


def _leaked(written: np.ndarray, leak: np.ndarray) -> np.ndarray:
    """Column q of a tile gets share leak[q][q'] of column q'."""
    met = written.copy()
    for first in range(0, COLUMNS, PORTS):
        own = written[:, first : first + PORTS]
        met[:, first : first + PORTS] += own @ leak[: own.shape[1], : own.shape[1]].T
    return met


def _share_below(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _normal_of(uniform: np.ndarray) -> np.ndarray:
    grid = np.linspace(-8, 8, 16001)
    return np.interp(uniform, [_share_below(z) for z in grid], grid)


def uniform_distance(scores: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance of scores from the standard normal distribution."""
    ordered = np.sort(scores.ravel())
    grid = np.linspace(-8, 8, 16001)
    expected = np.interp(ordered, grid, [_share_below(z) for z in grid])
    ranks = np.arange(ordered.size + 1) / ordered.size
    return float(max(np.max(ranks[1:] - expected), np.max(expected - ranks[:-1])))


def detect(engine, case: Case, rows: int, *, batch: int = 1, layer: int = 5) -> np.ndarray:
    """Results [batch * rows, N] of rows that are all alike."""
    x, w = (a.astype(np.float32) for a in case.operands())
    lhs, rhs = case.scheme
    formats = (Quant(6, "tensor", "static", lhs), Quant(6, "col", "absmax", rhs), Adc(case.bits, repeats=case.repeats))
    call = KernelCall(kernel_spec(len(x), COLUMNS, formats), layer, 1.0)
    inputs = np.broadcast_to(x, (batch, rows, len(x)))
    return compute(engine, call, inputs, w[None].repeat(batch, axis=0)).reshape(-1, COLUMNS).astype(np.float64)


def judge(scores: np.ndarray, *, slack: float = 0.0, uneven: float = 0.0) -> None:
    """Moments, distribution and independence of standard normal numbers.

    `slack` is allowed in standard deviations; those of single outputs may be off by `uneven` more (rms).
    """
    rows = len(scores)
    chance = 1 / math.sqrt(rows)
    assert np.abs(scores.mean(axis=0)).max() < 4.5 * chance + slack
    off = np.abs(scores.std(axis=0) - 1)
    assert off.max() < 4.5 / math.sqrt(2) * chance + slack + 3 * uneven
    assert math.sqrt(np.mean(off**2)) < 1.5 / math.sqrt(2) * chance + slack / 2 + uneven
    assert abs(scores.var() - 1) < 4.5 * math.sqrt(2 / scores.size) + 2 * slack
    assert uniform_distance(scores) < 1.95 / math.sqrt(scores.size) + slack / 3
    for power in (1, 2):  # outputs of one row, and of rows near each other
        own = scores**power
        own = (own - own.mean(axis=0)) / own.std(axis=0)
        between = own.T @ own / rows
        np.fill_diagonal(between, 0)
        assert np.abs(between).max() < 5 * chance
        for lag in (1, 2, 8, 16):
            assert np.abs((own[lag:] * own[:-lag]).mean(axis=0)).max() < 5 * chance


def engines(name: str, noise: Noise, *, fast: bool = False, seed: int = 7):
    """An engine by the name of its path."""
    if name == "numpy":
        return AnalogEngine(lambda _: noise, fast=fast, seed=seed)
    if name in ("torch", "cuda"):
        torch = pytest.importorskip("torch")
        from heliograph.runtime.torch_engine import TorchEngine

        if name == "cuda" and not torch.cuda.is_available():
            pytest.skip("no GPU")
        return TorchEngine("cuda" if name == "cuda" else "cpu", lambda _: noise, fast=fast, seed=seed)
    pytest.importorskip("llvmlite")
    if name == "compiled":
        return make_engine("noisy", noise_of=lambda _: noise, fidelity="fast" if fast else "exact", seed=seed)
    from heliograph.runtime.engines.fused import FusedEngine, Isa

    if Isa(name) not in kinds_of_code():
        pytest.skip(f"no {name} here")
    return FusedEngine(AnalogEngine(lambda _: noise, fast=fast, seed=seed), threads=1, isa=Isa(name))


def check(name: str, term: str, scheme: tuple[str, str], rows: int, *, fast: bool, repeats: int = 1) -> None:
    """One term on one path. Fast supposes fine steps, so those are finer there."""
    case = Case(TERMS[term], scheme, repeats, 9.0 if fast else 5.4)
    engine = engines(name, case.noise, fast=fast)
    results = detect(engine, case, rows)
    assert engine.stats.fast_calls == int(fast)
    scores = case.normal_scores(results, np.random.default_rng(3), fast=fast)
    judge(scores, slack=0.02 if fast else 0.004, uneven=GROUPING_LIMIT if fast else 0.0)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("name", ["numpy", "compiled", "torch", "cuda"])
@pytest.mark.parametrize("term", TERMS)
def test_term(name, term, fast) -> None:
    check(name, term, ("two-pass", "balanced"), ROWS, fast=fast)


@pytest.mark.parametrize(("scheme", "fast"), CASES)
def test_signs_and_repeats(scheme, fast) -> None:
    check("compiled", "sum", scheme, ROWS, fast=fast, repeats=2)


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "fast"), CASES)
@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("name", ["numpy", "avx512-vnni", "avx512", "avx2", "generic", "torch", "cuda"])
def test_whole(name, term, scheme, fast) -> None:
    check(name, term, scheme, 40_000, fast=fast)


def test_saturating_detections() -> None:
    """Sums beyond the range of the ADC all read as its end."""
    case = Case(Noise(c0=2.0), ("unipolar", "balanced"), 1, 4.0)
    scores = case.normal_scores(
        detect(engines("compiled", case.noise), case, ROWS), np.random.default_rng(3), fast=False
    )
    judge(scores, slack=0.004)


def test_calls_seeds_and_batch_entries_are_independent() -> None:
    case = Case(TERMS["sum"], ("two-pass", "balanced"), 1, 5.4)
    rng = np.random.default_rng(3)
    drawn = [
        detect(engines("compiled", case.noise, seed=seed), case, ROWS, layer=layer)
        for seed, layer in ((7, 5), (7, 6), (8, 5))
    ]
    drawn += np.split(detect(engines("compiled", case.noise), case, ROWS, batch=2), 2)[1:]
    scores = [case.normal_scores(d, rng, fast=False) for d in drawn]
    for one, other in itertools.combinations(scores, 2):
        assert np.abs((one * other).mean(axis=0)).max() < 5 / math.sqrt(ROWS)


def test_fast_and_exact_are_of_one_distribution() -> None:
    """Two samples, a test of their own: whatever the formulas say, the two fidelities agree."""
    case = Case(TERMS["sum"], ("two-pass", "balanced"), 1, 12.0)  # so fine that whole codes do not show
    exact, fast = (detect(engines("compiled", case.noise, fast=f), case, 20_000) for f in (False, True))
    chance = 1.95 * math.sqrt(2 / len(exact))
    for column in range(COLUMNS):
        a, b = np.sort(exact[:, column]), np.sort(fast[:, column])
        grid = np.quantile(a, np.linspace(0.01, 0.99, 99))
        distance = np.abs(np.searchsorted(a, grid) - np.searchsorted(b, grid)).max() / len(a)
        assert distance < chance * 1.3 + 0.004


@pytest.mark.parametrize("name", ["numpy", "compiled", "torch", "cuda"])
def test_setting_errors(name) -> None:
    """One input at a time shows what was written for each weight."""
    k, sigma = 2000, 0.02
    w = (np.random.default_rng(4).integers(-63, 63, (k, COLUMNS), endpoint=True) / 63).astype(np.float32)
    w[0] = 1
    formats = (Quant(6, "tensor", "static", "balanced"), Quant(6, "col", "absmax", "balanced"), Adc(0.0))
    call = KernelCall(kernel_spec(k, COLUMNS, formats), 5, 1.0)
    written = compute(engines(name, Noise(weight_sigma=sigma)), call, np.eye(k, dtype=np.float32)[None], w[None])[0]
    judge((written - w).astype(float) / sigma)


@pytest.mark.parametrize("fast", [False, True])
def test_variance_that_is_a_little_off_is_found(fast) -> None:
    case = Case(Noise(c0=0.02), ("two-pass", "balanced"), 1, 9.0)
    results = detect(engines("compiled", Noise(c0=0.022), fast=fast), case, ROWS)
    with pytest.raises(AssertionError):
        judge(case.normal_scores(results, np.random.default_rng(3), fast=fast), slack=0.02)

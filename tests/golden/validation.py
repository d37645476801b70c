"""Builds docs/validation.md from the comparisons: ``python tests/golden/validation.py --write``."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ours import ours
from workloads import WORKLOADS, llama, small_gpt

from heliograph.backends import load_target, peak
from heliograph.backends.conventions import albireo, light_code
from heliograph.backends.conventions.lightening_transformer import lt_cost, lt_power_mw

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
PUBLISHED = tomllib.loads((HERE / "published.toml").read_text("utf-8"))
DESIGNS = {
    "dptc_4bit": ("dptc12-5g", 4),
    "dptc_8bit": ("dptc12-5g", 8),
    "ring_bank_4bit": ("ringbank12-5g", 4),
    "mzi_mesh_4bit": ("mzi12-5g", 4),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: what, published, found, and how far they may be apart (relative)."""

    what: str
    unit: str
    published: float
    found: float
    tolerance: float

    @property
    def off(self) -> float:
        """Relative difference."""
        return self.found / self.published - 1


def lightening_transformer() -> Iterator[Row]:
    """Every total of four workloads on four designs, and the power of LT-B."""
    golden = PUBLISHED["lightening_transformer"]
    for name, workload in WORKLOADS.items():
        for design, (target, bits) in DESIGNS.items():
            found = lt_cost(workload.gemms(), load_target(target), bits, workload.others())
            mj, ms = golden["totals"][name][design]
            yield Row(f"{name}, {design}", "mJ", mj, found.energy_mj, 0.001)
            yield Row(f"{name}, {design}", "ms", ms, found.latency_ms, 0.001)
    for bits in (4, 8):
        watts = sum(lt_power_mw(load_target("dptc12-5g"), bits).values()) / 1e3
        yield Row(f"LT-B at {bits} bit", "W", golden["power_w"][str(bits)], watts, 0.001)


def light_code_rows() -> Iterator[Row]:
    """Llama's energy by place; the numbers handed on are solved from one place and checked on the other."""
    golden = PUBLISHED["light_code"]["llama"]
    model, parts = llama(), golden["parts_j"]
    macs = sum(g.macs * g.repeats for g in model.gemms)
    passed = round((parts["local"] / light_code.LOCAL_PJ * 1e12 - 2 * model.weights) / 4)
    found = light_code.energy(macs, model.weights, passed, parts["elementwise"])
    yield Row("Llama-2-7B, 4,096 tokens: multiply-accumulates", "", golden["macs"], macs, 1e-9)
    # DRAM: published are 2 % more numbers than the model has weights
    for place, tolerance in (("light", 0.001), ("sram", 0.005), ("dram", 0.02)):
        yield Row(f"Llama-2-7B: {place}", "J", parts[place], getattr(found, place), tolerance)
    yield Row("Llama-2-7B: total", "J", golden["energy_j"], found.total, 0.005)
    gpt = PUBLISHED["light_code"]["gpt2"]
    yield Row(
        "GPT-2, 1,024 tokens: multiply-accumulates",
        "",
        gpt["macs"],
        sum(g.macs * g.repeats for g in small_gpt().gemms),
        1e-9,
    )


def others() -> Iterator[Row]:
    """Albireo's power, throughput of AWGR demonstrations."""
    golden = PUBLISHED["albireo"]
    yield Row("Albireo", "TOPS", golden["tops"], albireo.tops(), 1e-6)
    for name, tolerance in (("conservative", 0.005), ("moderate", 0.005), ("aggressive", 0.015)):
        watts = sum(albireo.power_w(albireo.SCALINGS[name]).values())
        yield Row(f"Albireo, {name}", "W", golden[f"{name}_w"], watts, tolerance)
    awgr = PUBLISHED["awgr"]
    for key, ports, orders, rate in (("8x8_20g", 8, 1, 20), ("16x16_20g", 16, 16, 20), ("16x16_32g", 16, 16, 32)):
        size = f"opu.ports_in={ports},opu.ports_out={ports},opu.fsr_orders={orders},opu.symbol_rate_gbd={rate}"
        found = peak(load_target(f"awgr8-28g{{{size},awgr.fsr_nm=30}}")).tops_per_opu
        yield Row(f"AWGR {ports}x{ports} at {rate} GBd, {orders} at once", "TOPS", awgr[f"tops_{key}"], found, 0.001)


def _table(rows: Iterator[Row]) -> list[str]:
    lines = ["| what | unit | published | ours | difference |", "|---|---|---|---|---|"]
    for r in rows:
        lines.append(f"| {r.what} | {r.unit} | {r.published:,.6g} | {r.found:,.6g} | {r.off * 100:+.2f} % |")
    return lines


def _difference() -> list[str]:
    """The same contractions by both accountings, at 8 bit."""
    lines = [
        "| workload | target | its energy, mJ | ours, mJ | ratio | its latency, ms | ours, ms | ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, workload in WORKLOADS.items():
        for target in ("dptc12-5g", "ringbank12-5g", "mzi12-5g"):
            its = lt_cost(workload.gemms(), load_target(target), 8, quirks=False)
            mj, ms = ours(workload.gemms(), load_target(target))
            lines.append(
                f"| {name} | {target} | {its.energy_mj:,.4g} | {mj:,.4g} | {mj / its.energy_mj:.2f} "
                f"| {its.latency_ms:,.4g} | {ms:,.4g} | {ms / its.latency_ms:.2f} |"
            )
    return lines


def page() -> str:
    """The whole page."""
    sources = {name: table["source"] for name, table in PUBLISHED.items()}
    big = peak(load_target("awgr8-28g{opu.ports_in=16,opu.ports_out=16,opu.fsr_orders=16,opu.symbol_rate_gbd=32}"))
    seconds = light_code.light_s(llama().gemms)
    published = PUBLISHED["light_code"]["llama"]["seconds"]
    lines = [
        "# Validation against published results",
        "",
        "Written by `python tests/golden/validation.py --write`; a test checks that it is up to date and that every",
        "difference is within its tolerance. Published numbers stand in tests/golden/published.toml.",
        "",
        "## Lightening-Transformer",
        "",
        f"Source: {sources['lightening_transformer']}.",
        "Accounting `lightening-transformer` (heliograph.backends.conventions.lightening_transformer) on the device",
        "numbers of our own targets; contractions from the simulator's table of layers. Agreement shows that its",
        "equations are understood, not that they are right: the list of what it leaves out stands in that package.",
        "",
        *_table(lightening_transformer()),
        "",
        "### What our own accounting says of the same contractions",
        "",
        "At 8 bit. Its figures without its oversights (`quirks=False`) and with its memories; ours at the converter",
        "boundary, without memories, all processors powered all the time, lasers at the targets' launch power, rings",
        "that need time to settle, ADCs at their real resolution. Attention is left out for the mesh in both.",
        "",
        *_difference(),
        "",
        "## LightCode",
        "",
        f"Source: {sources['light_code']}. Accounting",
        "`heliograph.backends.conventions.light_code`, with its constants. How many numbers its operators hand on",
        "depends on the graph of its compiler: that one unknown is solved from the energy of local memories, and the",
        "energy of elementwise operators is taken as published. Light, SRAM and DRAM are then predictions, and the",
        "total is one for the parts of them it holds. GPT-2 is published as a total only, which leaves nothing to",
        "check once the unknown is solved from it: only its products are compared. Light alone takes",
        f"{seconds:.1f} s of Llama's {published:.1f} s; the rest is its electronics' and not modelled.",
        "",
        *_table(light_code_rows()),
        "",
        "## Albireo and AWGR demonstrations",
        "",
        f"Sources: {sources['albireo']}; {sources['awgr']}.",
        "Albireo's aggressive row mixes two clocks in the source. The 16x16 demonstration states "
        f"{PUBLISHED['awgr']['fj_per_op_16x16_32g']:.0f} fJ",
        f"per operation; our device numbers give {big.at('optical'):.0f} at the optical, {big.at('analog'):.0f} at the "
        f"analog and {big.at('converter'):.0f} at the converter boundary.",
        "",
        *_table(others()),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())

"""Targets load, print back and reject what is wrong with coded errors."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heliograph.backends import Status, describe, family_names, load_target, target_names
from heliograph.backends.sections import Cloud, Ring
from heliograph.ir.diagnostics import HeliographError

SEED = "awgr8-28g"


def codes(spelling: str) -> list[str]:
    with pytest.raises(HeliographError) as caught:
        load_target(spelling)
    assert caught.value.exit_code == 2
    return [d.code for d in caught.value.diagnostics]


def message(spelling: str) -> str:
    with pytest.raises(HeliographError) as caught:
        load_target(spelling)
    return str(caught.value)


def test_names() -> None:
    assert target_names() == (
        "awgr6-50g",
        "awgr8-28g",
        "awgr9x4-50g",
        "dptc12-5g",
        "ideal",
        "mzi12-5g",
        "netcast-wdm",
        "ringbank12-5g",
    )
    assert family_names() == ("awgr", "coherent", "ideal", "mzi_mesh", "ring_bank", "time_integrating")


@pytest.mark.parametrize("name", target_names())
def test_every_target_is_complete(name: str) -> None:
    target = load_target(name)
    assert target.name == target.spelling == name
    assert target.description
    assert target.unknowns
    assert all(q.source for q in target.quantities())
    assert len(target.fingerprint) == 64


def test_values_units_and_sources() -> None:
    target = load_target(SEED)
    assert target.opu.ports_in == 8
    assert target.ring.settle_ns == 10_000
    assert target.cloud.electronics_site == "edge"
    loss = next(q for q in target.quantities() if q.key == "mzm.loss_db")
    assert (loss.value, loss.unit, loss.status) == (3.0, "dB", Status.PUBLISHED)


def test_sections_depend_on_the_family() -> None:
    ideal = load_target("ideal")
    assert ideal.has(Cloud)
    assert not ideal.has(Ring)
    with pytest.raises(LookupError, match="'ideal' has no section 'ring'"):
        _ = ideal.ring


def test_override_is_typed_and_marked() -> None:
    target = load_target(" awgr8-28g{ precision.input_bits=6 , laser.launch_power_dbm=-3, noise.in_band=none }")
    assert target.formats.input_bits == 6
    assert isinstance(target.laser.launch_power_dbm, float)
    assert target.spelling == "awgr8-28g{laser.launch_power_dbm=-3.0,noise.in_band=none,precision.input_bits=6}"
    changed = next(q for q in target.quantities() if q.key == "precision.input_bits")
    assert changed.status is Status.ASSUMED
    assert "file: 8" in changed.source


def test_overrides_equal_to_the_file_vanish() -> None:
    target = load_target("awgr8-28g{opu.ports_in=8,cloud.electronics_site=edge}")
    assert target == load_target(SEED)
    assert target.spelling == SEED


def test_fingerprint_follows_values() -> None:
    base = load_target(SEED)
    assert load_target("awgr8-28g{opu.count=2}").fingerprint != base.fingerprint
    assert load_target("awgr8-28g{opu.count=1}").fingerprint == base.fingerprint


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("nothing", "HG4001"),
        ("", "HG4001"),
        ("{opu.count=1}", "HG4001"),
        ("awgr8-28g{opu.count=1", "HG4001"),
        ("awgr8-28gopu.count=1}", "HG4001"),
        ("no/such/file.toml", "HG4001"),
        ("awgr8-28g{opu.cuont=1}", "HG4002"),
        ("awgr8-28g{opu.count}", "HG4002"),
        ("awgr8-28g{opu.count=1,opu.count=2}", "HG4002"),
        ("ideal{mzm.loss_db=3}", "HG4002"),
        ("awgr8-28g{opu.count=}", "HG4003"),
        ("awgr8-28g{opu.count=1.5}", "HG4003"),
        ("awgr8-28g{opu.count=true}", "HG4003"),
        ("awgr8-28g{opu.count=0}", "HG4003"),
        ("awgr8-28g{opu.ports_in=4096}", "HG4003"),
        ("awgr8-28g{mzm.loss_db=-1}", "HG4003"),
        ("awgr8-28g{mzm.loss_db=nan}", "HG4003"),
        ("awgr8-28g{mzm.loss_db=inf}", "HG4003"),
        ("awgr8-28g{mzm.loss_db=high}", "HG4003"),
        ("awgr8-28g{laser.wall_plug_efficiency=1.2}", "HG4003"),
        ("awgr8-28g{laser.wall_plug_efficiency=0}", "HG4003"),
        ("awgr8-28g{noise.in_band=maybe}", "HG4003"),
        ("awgr8-28g{noise.shot=1}", "HG4003"),
        ("awgr8-28g{awgr.passband_ghz=500}", "HG4003"),
        ("awgr8-28g{opu.count=" + "9" * 5000 + "}", "HG4003"),
        ("x" * 70_000, "HG4001"),
    ],
)
def test_bad_spellings(spelling: str, code: str) -> None:
    assert codes(spelling) == [code]


def test_nearest_names_are_offered() -> None:
    assert "awgr8-28g" in message("awgr8-28")
    assert "opu.count" in message("awgr8-28g{opu.cuont=1}")
    assert "ring.settle_ns" in message("awgr8-28g{settle_ns=10}")


def test_all_problems_of_a_spelling_at_once() -> None:
    assert codes("awgr8-28g{opu.count=0,mzm.los_db=1,adc.enob=99}") == ["HG4003", "HG4002", "HG4003"]


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


HEADER = '[target]\nname = "mine"\nfamily = "awgr"\nextends = "awgr8-28g"\ndescription = "d"\nunknowns = "u"\n'


def test_own_file_with_overrides(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + '[opu]\ncount = { value = 16, source = "we", status = "assumed" }\n')
    target = load_target(path + "{opu.weight_banks=2}")
    assert (target.name, target.opu.count, target.opu.weight_banks) == ("mine", 16, 2)
    assert target.spelling == path + "{opu.weight_banks=2}"
    assert load_target(target.spelling) == target


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[opu]\ncount = 2\n", "HG4004"),
        ('[opu]\ncount = { value = 2, source = "we" }\n', "HG4004"),
        ('[opu]\ncount = { value = 2, status = "assumed" }\n', "HG4004"),
        ('[opu]\ncount = { value = 2, source = "we", status = "sure" }\n', "HG4004"),
        ('[opu]\ncount = { value = 2, source = "we", status = "assumed", note = "x" }\n', "HG4002"),
        ('[opu]\ncount = { value = "2", source = "we", status = "assumed" }\n', "HG4003"),
        ('[opu]\ncount = { source = "we", status = "assumed" }\n', "HG4003"),
        ("[opu]\ncount = { value = 0xFF" + "F" * 6000 + ', source = "we", status = "assumed" }\n', "HG4003"),
        ('[opu]\ncuont = { value = 2, source = "we", status = "assumed" }\n', "HG4002"),
        ('[opus]\ncount = { value = 2, source = "we", status = "assumed" }\n', "HG4002"),
        ("[noise]\nshot = true\nshot = false\n", "HG4002"),
        ("[noise]\nshot = 2020-01-01\n", "HG4003"),
        ("[noise\n", "HG4007"),
        ("x = " + "[" * 5000, "HG4007"),
        ("#" * 300_000, "HG4007"),
    ],
)
def test_bad_files(tmp_path: Path, body: str, code: str) -> None:
    assert set(codes(write(tmp_path, HEADER + body))) == {code}


def test_file_without_header_or_family(tmp_path: Path) -> None:
    assert set(codes(write(tmp_path, "[opu]\n"))) == {"HG4003"}
    assert codes(write(tmp_path, HEADER.replace('family = "awgr"', 'family = "steam"'))) == ["HG4003"]
    assert "HG4001" in codes(write(tmp_path, HEADER.replace('extends = "awgr8-28g"', 'extends = "none"')))


def test_missing_keys_are_all_named(tmp_path: Path) -> None:
    text = message(write(tmp_path, HEADER.replace('extends = "awgr8-28g"\n', "")))
    assert "opu.count is missing" in text
    assert "noise.jitter is missing" in text


def test_folder_as_file(tmp_path: Path) -> None:
    (tmp_path / "d.toml").mkdir()
    assert codes(str(tmp_path / "d.toml")) == ["HG4001"]


def test_describe() -> None:
    told = describe(load_target(SEED))
    keys = [section.key for section in told.sections]
    assert keys[0] == "opu"
    assert "noise" in keys
    assert all(section.title and section.rows for section in told.sections)
    assert sum(len(section.rows) for section in told.sections) == len(load_target(SEED).quantities())


_OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "opu.count": st.integers(1, 65536),
        "opu.symbol_rate_gbd": st.floats(0.001, 60),
        "mzm.loss_db": st.floats(0, 30),
        "laser.launch_power_dbm": st.floats(-60, 30),
        "dac.jitter_fs": st.floats(0, 1e6),
        "noise.shot": st.booleans(),
        "noise.in_band": st.sampled_from(["random", "none"]),
        "precision.sign_scheme": st.sampled_from(["balanced", "offset", "two-pass"]),
    },
)


@given(_OVERRIDES)
def test_spelling_round_trip(overrides: dict[str, object]) -> None:
    inside = ",".join(f"{key}={str(value).lower()}" for key, value in overrides.items())
    target = load_target(f"{SEED}{{{inside}}}")
    again = load_target(target.spelling)
    assert again == target
    assert again.spelling == target.spelling
    assert again.fingerprint == target.fingerprint
    for quantity in target.quantities():
        if quantity.key in overrides:
            assert quantity.value == overrides[quantity.key]


@given(st.text(max_size=60))
def test_no_text_crashes_the_reader(text: str) -> None:
    with contextlib.suppress(HeliographError):
        load_target(text)

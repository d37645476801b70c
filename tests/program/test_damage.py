"""Whatever happens to a program file, reading it gives a coded error and nothing else."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.program import Program, load_program
from heliograph.ir.program.container import make_seal
from heliograph.ir.program.reader import parse_program


@pytest.fixture
def data(tiny: Program, tmp_path: Path) -> bytes:
    tiny.save(tmp_path / "tiny.helio")
    return (tmp_path / "tiny.helio").read_bytes()


def code_of(data: bytes | bytearray) -> str:
    with pytest.raises(HeliographError) as caught:
        parse_program(memoryview(data), Path("tiny.helio"))
    assert caught.value.exit_code == 1
    return caught.value.diagnostics[0].code


def test_the_undamaged_file_loads(data: bytes) -> None:
    assert parse_program(memoryview(data), Path("tiny.helio")).level == "graph"


def test_every_flipped_byte_is_noticed(data: bytes) -> None:
    flipped = bytearray(data)
    for position in range(len(data)):
        for mask in (0x01, 0x80, 0xFF) if position % 16 == 0 else (1 << position % 8,):
            flipped[position] ^= mask
            assert code_of(flipped) in ("HG3001", "HG3003"), position
            flipped[position] ^= mask


def test_every_truncation_is_noticed(data: bytes) -> None:
    for size in range(0, len(data), 7):
        assert code_of(data[:size]) == "HG3001"
    assert code_of(data[:-1]) == "HG3001"


def test_added_and_moved_bytes_are_noticed(data: bytes) -> None:
    assert code_of(data + b"\0") in ("HG3001", "HG3003")
    assert code_of(b"\0" + data) in ("HG3001", "HG3003")
    assert code_of(data[:64] + data[65:]) in ("HG3001", "HG3003")
    assert code_of(data + data) in ("HG3001", "HG3003")


def test_random_bytes(data: bytes) -> None:
    source = random.Random(3)
    for size in (0, 1, 100, 5000):
        assert code_of(source.randbytes(size)) == "HG3001"
        assert code_of(source.randbytes(size) + data[-117:]) in ("HG3001", "HG3003")


def reseal(data: bytes, old: bytes, new: bytes, version: int = 1) -> bytes:
    """Change the manifest (keeping its length) and seal it again, as a hostile writer would."""
    assert len(old) == len(new)
    start = data.rindex(b'{\n "schema"')
    end = data.rindex(b"}\n") + 2
    manifest = data[start:end].replace(old, new)
    assert version != 1 or manifest != data[start:end]
    seal = make_seal(manifest, version)
    return data[:start] + manifest + data[end : len(data) - len(seal)] + seal


def test_another_format_version(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "newer.helio"
    path.write_bytes(reseal(data, b"", b"", version=2))
    with pytest.raises(HeliographError, match=r"HG3002.*format 2, this Heliograph reads 1"):
        load_program(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"float32"', b'"float16"'),
        (b'"float32"', b'"float33"'),
        (b'"offset": 0', b'"offset": 9'),
        (b'"nbytes": 24', b'"nbytes": -4'),
        (b'"nbytes": 24', b'"nbytes": 16'),
        (b"weights.bin", b"../../x.bin"),
        (b'"size": 24', b'"size": 99'),
        (b'"size": 24', b'"size": -1'),
        (b'"f": {', b'"g": {'),
        (b'"schema": "heliograph.program"', b'"schema": "heliograph.prOgram"'),
        (b'"level"', b'"leveL"'),
        (b'"graph"', b'"tiled"'),
        (b'"x:0"', b'"y:0"'),
        (b'"y/out"', b'"y_out"'),
        (b'"batch"', b'"patch"'),
    ],
)
def test_hostile_manifests(data: bytes, old: bytes, new: bytes) -> None:
    assert code_of(reseal(data, old, new)) in ("HG3001", "HG3003")


def test_other_files(tmp_path: Path) -> None:
    path = tmp_path / "other.helio"
    with pytest.raises(HeliographError, match="HG1001"):
        load_program(path)
    with pytest.raises(HeliographError, match="HG1001"):
        load_program(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(HeliographError, match="HG3001"):
        load_program(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../manifest.json", "{}")
    with pytest.raises(HeliographError, match="HG3001"):
        load_program(path)


def test_a_program_packed_again_by_another_tool_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "tiny.helio").write_bytes(data)
    again = tmp_path / "again.helio"
    with zipfile.ZipFile(tmp_path / "tiny.helio") as source, zipfile.ZipFile(again, "w") as copy:
        copy.comment = source.comment
        for entry in source.infolist():
            copy.writestr(entry.filename, source.read(entry), zipfile.ZIP_DEFLATED)
    with pytest.raises(HeliographError, match=r"HG300[13]"):
        load_program(again)

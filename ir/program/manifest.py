"""What a program file says about itself: the schema of ``manifest.json``."""

from __future__ import annotations

import msgspec

SCHEMA = "heliograph.program"


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the manifest's records."""


class Source(_Record, frozen=True):
    """The model that was compiled: its file name and the sha256 of its bytes (empty when it had no file)."""

    name: str = ""
    sha256: str = ""


class TargetInfo(_Record, frozen=True):
    """The hardware compiled for: spelling as on the command line, and the fingerprint of all its values."""

    spelling: str = ""
    fingerprint: str = ""


class Port(_Record, frozen=True):
    """One input or output, in onnxruntime's words: ``tensor(float)`` and ``["batch", 64]``."""

    name: str
    type: str
    shape: tuple[int | str | None, ...] | None = None


class Interface(_Record, frozen=True):
    """What goes in and what comes out."""

    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()


class EntryInfo(_Record, frozen=True):
    """An entry of the file."""

    name: str
    size: int
    crc32: int
    sha256: str


class ExternalFile(_Record, frozen=True):
    """A weight file that stays outside; see `heliograph.ir.program.external` for the fingerprint."""

    path: str
    size: int
    fingerprint: str


class WeightInfo(_Record, frozen=True):
    """Where one weight lies: in ``weights.bin``, or in external file number `file`."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    nbytes: int
    file: int | None = None


class Manifest(_Record, frozen=True):
    """The whole manifest. Before saving, `entries` and `weights` are empty."""

    schema: str = SCHEMA
    producer: str = ""
    source: Source = Source()
    target: TargetInfo = TargetInfo()
    level: str = ""
    interface: Interface = Interface()
    entries: tuple[EntryInfo, ...] = ()
    files: tuple[ExternalFile, ...] = ()
    weights: dict[str, WeightInfo] = {}


def encode_manifest(manifest: Manifest) -> bytes:
    """JSON with sorted weights: equal manifests give equal bytes."""
    ordered = msgspec.structs.replace(manifest, weights=dict(sorted(manifest.weights.items())))
    return msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n"


def decode_manifest(data: bytes) -> Manifest:
    """Read the JSON. Raises ValueError with the reason when it does not have this schema."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise ValueError(str(problem)) from problem
    if manifest.schema != SCHEMA:
        raise ValueError(f"schema is {manifest.schema!r}")
    return manifest

"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from heliograph.ir.sizes import Dim

TARGET_HELP = "Hardware: NAME, NAME{key=value,...} or a .toml file; see `heliograph targets`."
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def target_option(default: str | None = "awgr8-28g") -> Decorator:
    """``-t TARGET``."""
    return click.option("-t", "--target", default=default, show_default=default is not None, help=TARGET_HELP)


def dim_option() -> Decorator:
    """``--dim NAME=SIZE``, repeatable."""
    return click.option(
        "--dim", "dims", multiple=True, metavar="NAME=SIZE", help="Fix a symbolic dimension of the inputs (repeatable)."
    )


def engine_options() -> Decorator:
    """``--engine``, ``--fidelity``, ``--seed``."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(
            (
                click.option(
                    "--engine",
                    type=click.Choice(["ideal", "quantized", "noisy"]),
                    help="ideal: exact arithmetic; quantized: converters only; noisy: converters and noise. "
                    "Default: ideal for ideal targets, else noisy.",
                ),
                click.option(
                    "--fidelity",
                    type=click.Choice(["exact", "fast"]),
                    default="exact",
                    show_default=True,
                    help="Noise for every partial sum, or once per output with the same variance.",
                ),
                click.option(
                    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Key of the noise."
                ),
            )
        ):
            function = option(function)
        return function

    return add


def watch_options() -> Decorator:
    """``--dump``, ``--print-after``, ``--timing``, ``--stats``."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(
            (
                click.option(
                    "--dump", metavar="DIR", help="Write the IR after each level into DIR, as restartable .mlir files."
                ),
                click.option("--print-after", metavar="all|changed|PASS", help="Print the IR after passes, to stderr."),
                click.option("--timing", is_flag=True, help="Say how long each pass took."),
                click.option("--stats", is_flag=True, help="Say what each pass did, and what it left alone and why."),
            )
        ):
            function = option(function)
        return function

    return add


def read_dims(texts: tuple[str, ...]) -> dict[str, int]:
    """``("batch=4",)`` as a dict. Raises HG1201, also for ranges."""
    from heliograph.ir.diagnostics import error

    found = read_ranges(texts)
    for name, size in found.items():
        if not isinstance(size, int):
            raise error("HG1201", f"--dim {name}: a range is for compiling", remedy=f"give one size: --dim {name}=4")
    return {name: size for name, size in found.items() if isinstance(size, int)}


def read_ranges(texts: tuple[str, ...]) -> dict[str, Dim]:
    """``("batch=4", "seq=1:128:1024")`` as a dict of sizes and ranges. Raises HG1201."""
    from heliograph.ir.diagnostics import Diagnostics
    from heliograph.ir.sizes import SizeRange

    problems = Diagnostics()
    dims: dict[str, Dim] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        numbers = [_size(part) for part in value.split(":")]
        sizes = [n for n in numbers if n is not None]
        if not equals or not name.strip() or len(sizes) != len(numbers) or len(sizes) not in (1, 3):
            remedy = "give a positive integer or least:typical:most: --dim batch=4 --dim seq=1:128:1024"
            problems.report("HG1201", f"--dim '{text}' is not NAME=SIZE", remedy=remedy)
            continue
        size: Dim = sizes[0] if len(sizes) == 1 else SizeRange(*sizes)
        if dims.setdefault(name.strip(), size) != size:
            problems.report("HG1201", f"--dim gives '{name}' two sizes")
    problems.raise_if_errors()
    return dims


def _size(text: str) -> int | None:
    text = text.strip()
    good = text.isascii() and text.isdigit() and len(text) <= 15 and int(text) >= 1
    return int(text) if good else None

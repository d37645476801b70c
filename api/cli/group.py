"""The `heliograph` command: a group that imports a command's module only when the command runs."""

from __future__ import annotations

import difflib
from importlib import import_module

import click

# name -> one line for `heliograph --help`; the command itself is `command` in heliograph.cli.commands.NAME
COMMANDS = {
    "compile": "Compile an ONNX model for optical hardware.",
    "run": "Run a compiled program on simulated light.",
    "check": "Compare a model on light with onnxruntime, layer by layer.",
    "report": "Say what a program costs: energy, latency, and why.",
    "compare": "Put the costs of a model on several targets side by side.",
    "inspect": "Look into an .onnx, .mlir or .helio file.",
    "opt": "Run passes over an IR file.",
    "targets": "List the optical hardware, or everything about one target.",
    "explain": "Explain a diagnostic code such as HG1203.",
}


class LazyGroup(click.Group):
    """Knows its commands by name and help line without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"heliograph.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown name is answered with the nearest known one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; there are: {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command '{args[0]}'{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from heliograph import __version__

        click.echo(f"heliograph {__version__}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print the version."
)
def main() -> None:
    """Heliograph compiles ONNX models to optical hardware, runs them on simulated light, and says what they cost.

    \b
    A first walk:
      heliograph targets                                     what hardware there is
      heliograph compile model.onnx -t awgr8-28g             writes model.helio
      heliograph run model.helio --input x=@x.npy --output y=@y.npy
      heliograph report model.helio                          energy, latency, where every node runs

    `heliograph COMMAND --help` explains each command with examples. Problems carry a code such as HG1203, which
    `heliograph explain HG1203` explains. Exit codes: 0 done, 1 something is wrong with a model or input, 2 with the
    command line, 3 results differ from what was expected, 70 a defect in Heliograph.
    """

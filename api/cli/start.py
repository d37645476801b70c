"""Where the console script starts, and the one place where exceptions become messages and exit codes.

Exit codes: 0 ok, 1 model or input error, 2 usage, 3 mismatch, 70 internal error, 130 interrupted, 141 closed pipe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def entry(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. No traceback reaches the user."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _silence_stdout()
        return 141
    except Exception as problem:
        from heliograph.cli.bug import report_bug

        return report_bug(problem, arguments)


def _run(arguments: list[str]) -> int:
    import click

    from heliograph.cli.console import print_usage_error
    from heliograph.cli.group import main
    from heliograph.ir.diagnostics import HeliographError

    try:
        # what click's own `main` adds (its handling of interrupts, pipes and exits) is done here instead
        with main.make_context("heliograph", arguments) as context:
            main.invoke(context)
        return 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except HeliographError as problem:
        if any(d.code == "HG9001" for d in problem.diagnostics):
            raise
        from heliograph.cli.console import print_diagnostics

        print_diagnostics(problem.diagnostics)
        return problem.exit_code
    except click.exceptions.NoArgsIsHelpError as problem:
        print(problem.format_message(), file=sys.stderr)
        return 2
    except click.ClickException as problem:
        return print_usage_error(problem)
    except click.exceptions.Abort as problem:
        raise KeyboardInterrupt from problem


def _silence_stdout() -> None:
    """The reader of our output is gone: send what is still buffered nowhere, so that Python's exit stays quiet."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # no real stdout, as under a test runner
        pass

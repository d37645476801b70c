"""The command line. Only this module and what `heliograph --help` needs are imported at start."""

from heliograph.cli.start import entry

__all__ = ["entry"]

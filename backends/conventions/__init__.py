"""Accounting of published simulators, to compare with ours: named, documented, and never the default."""

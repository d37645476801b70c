"""Equations of optics as small pure functions; the numbers come from target files."""

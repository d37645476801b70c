"""Families of optical hardware, one folder each."""

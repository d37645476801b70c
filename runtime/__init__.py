"""Runs compiled programs: electronic and optical engines, timeline, reports."""

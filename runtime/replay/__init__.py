"""Plays a schedule back, independently of how it was made, and finds what it breaks."""

from heliograph.runtime.replay.model import Event, Replay, Violation
from heliograph.runtime.replay.player import replay

__all__ = ["Event", "Replay", "Violation", "replay"]

"""How a rule declines."""

from __future__ import annotations


class StaysElectronic(Exception):
    """The op is left on electronics: a code of the 20xx range and the reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

"""Values and sizes of one run of a block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heliograph.ir.core import Value
from heliograph.runtime.constants import Constants


class Frame(dict[Value, Any]):
    """What was computed so far; asked for another value it gives the constant, or what the enclosing block has."""

    __slots__ = ("_constants", "_outer", "binding")

    def __init__(
        self, values: Mapping[Value, Any], binding: dict[str, int], constants: Constants, outer: Frame | None = None
    ) -> None:
        super().__init__(values)
        self.binding = binding  # sizes by symbol
        self._constants, self._outer = constants, outer

    def __missing__(self, value: Value) -> Any:
        if self._outer is not None and value not in self._constants:
            return self._outer[value]
        return self._constants.value(value, self.binding)

    def inner(self, values: Mapping[Value, Any], binding: dict[str, int]) -> Frame:
        """A frame for a body, which sees the values of this one."""
        return Frame(values, binding, self._constants, self)

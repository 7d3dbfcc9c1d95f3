"""Structs of Thrift's compact protocol (thrift-compact-protocol.md), as Parquet has them."""

from typing import Any

_DEPTH_MAX = 16

# Types of the protocol.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)


class DamagedStruct(ValueError):
    """What stands where a struct should is none, or lacks a field."""


def integer(fields: dict[int, Any], field: int) -> int:
    """A field that is no negative number; raises DamagedStruct."""
    value = fields.get(field)
    if not isinstance(value, int) or value < 0:
        raise DamagedStruct
    return value


class CompactReader:
    """Reads structs; raises IndexError at the end of the data, DamagedStruct for nonsense."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Values by number of the field: numbers, truth values, structs, and lists of structs."""
        if depth > _DEPTH_MAX:
            raise DamagedStruct
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) != 0:
            kind, step = head & 15, head >> 4
            number = number + step if step else self._zigzag()
            value = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
            if value is not None:
                fields[number] = value
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (_I16, _I32, _I64):
            return self._zigzag()
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in (_TRUE, _FALSE, _BYTE):
            self._skip(1)
        elif kind == _DOUBLE:
            self._skip(8)
        elif kind == _BINARY:
            self._skip(self._varint())
        elif kind in (_LIST, _SET):
            head = self._byte()
            count = head >> 4 if head >> 4 != 15 else self._varint()
            elements = self._elements((head & 15,), count, depth)
            return elements if head & 15 == _STRUCT else None
        elif kind == _MAP:
            count = self._varint()
            if count:
                head = self._byte()
                self._elements((head >> 4, head & 15), count, depth)
        else:
            raise DamagedStruct
        return None

    def _elements(self, kinds: tuple[int, ...], count: int, depth: int) -> list[Any]:
        if depth > _DEPTH_MAX:
            raise DamagedStruct
        return [self._value(kind, depth + 1) for _ in range(count) for kind in kinds]

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise DamagedStruct

    def _byte(self) -> int:
        byte = self._data[self.place]
        self.place += 1
        return byte

    def _skip(self, count: int) -> None:
        self.place += count
        if self.place > len(self._data):
            raise IndexError

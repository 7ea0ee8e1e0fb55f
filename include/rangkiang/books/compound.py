"""OLE compound files, in which the old office programs keep their streams: [MS-CFB]."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rangkiang.books.errors import broken

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA  # greater ones are marks: end of chain, free, used by the table itself
_NOTHING = 0xFFFFFFFF
_ENTRY = 128  # bytes of a directory entry
_STREAM = 2
_SHORT = 4096  # shorter streams lie together in the root's own stream
_SHORT_SECTOR = 64


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a stream of the root storage lies."""

    first: int
    size: int


class Compound:
    """The streams that lie directly in the root of a compound file; what is embedded deeper is not looked at."""

    def __init__(self, data: bytes) -> None:
        """Raises Unusable('broken_file')."""
        if len(data) < 512 or not data.startswith(MAGIC):
            raise broken("bukan berkas OLE")
        self._data = data
        shift, self._directory = *struct.unpack_from("<H", data, 30), *struct.unpack_from("<I", data, 48)
        if shift not in (9, 12):
            raise broken("berkas OLE: ukuran sektor tidak dikenal")
        self._sector = 1 << shift
        # Readers make room for as much as is declared: nothing may be larger than the file.
        counts = (struct.unpack_from("<I", data, at)[0] for at in (40, 44, 64, 72))
        if any(count > len(data) >> shift for count in counts):
            raise broken("berkas OLE: ukuran yang tertulis lebih besar daripada berkasnya")
        self._table = array("I", b"".join(self._at(n) for n in self._table_sectors()))
        self._short_table = array("I", self._chain(struct.unpack_from("<I", data, 60)[0], len(data)))
        self._root, self.streams = self._entries()
        if any(stream.size > len(data) for stream in (self._root, *self.streams.values())):
            raise broken("berkas OLE: ukuran yang tertulis lebih besar daripada berkasnya")

    def read(self, name: str) -> bytes:
        """The bytes of a stream. Raises KeyError, Unusable('broken_file')."""
        stream = self.streams[name]
        if stream.size >= _SHORT:
            return self._chain(stream.first, stream.size)[: stream.size]
        short = self._chain(self._root.first, self._root.size)
        sectors = _follow(self._short_table, stream.first)
        return b"".join(short[n * _SHORT_SECTOR : (n + 1) * _SHORT_SECTOR] for n in sectors)[: stream.size]

    def _at(self, sector: int) -> bytes:
        found = self._data[(sector + 1) * self._sector : (sector + 2) * self._sector]
        return found + bytes(-len(found) % 4)  # the last sector may be cut short

    def _table_sectors(self) -> list[int]:
        """Sectors of the table of chains: the first ones stand in the head of the file, the others in a list."""
        found = list(struct.unpack_from("<109I", self._data, 76))
        following, seen = struct.unpack_from("<I", self._data, 68)[0], set[int]()
        while following < _LAST_SECTOR and following not in seen:
            seen.add(following)
            listed = array("I", self._at(following))
            if not listed:
                raise broken("berkas OLE terpotong")
            found += listed[:-1]
            following = listed[-1]
        return [n for n in found if n < _LAST_SECTOR]

    def _chain(self, first: int, size: int) -> bytes:
        needed = -(-size // self._sector)
        found = []
        for sector in _follow(self._table, first):
            found.append(self._at(sector))
            if len(found) >= needed:
                break
        return b"".join(found)

    def _entries(self) -> tuple[Stream, Mapping[str, Stream]]:
        directory = self._chain(self._directory, len(self._data))
        if len(directory) < _ENTRY:
            raise broken("berkas OLE tanpa daftar isi")
        streams: dict[str, Stream] = {}
        root, waiting, seen = _stream(directory, 0), [struct.unpack_from("<I", directory, 76)[0]], {_NOTHING}
        while waiting:
            number = waiting.pop()
            at = number * _ENTRY
            if number in seen or at + _ENTRY > len(directory):
                continue
            seen.add(number)
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            waiting += struct.unpack_from("<II", directory, at + 68)  # its neighbours; not what lies in it
            if kind == _STREAM:
                name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                streams[name] = _stream(directory, at)
        return root, streams


def _stream(directory: bytes, at: int) -> Stream:
    return Stream(*struct.unpack_from("<II", directory, at + 116))


def _follow(table: array[int], first: int) -> Iterator[int]:
    """The sectors of a chain. Raises Unusable where it runs in a circle or out of the file."""
    sector, left = first, len(table)
    while sector < _LAST_SECTOR:
        if not left or sector >= len(table):
            raise broken("berkas OLE: rantai sektor rusak")
        yield sector
        sector, left = table[sector], left - 1

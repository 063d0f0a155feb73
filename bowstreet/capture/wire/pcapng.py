"""The recording as pcapng with its secrets embedded, so that other people's programs can repeat the decryption.

TCP and IP headers are invented around the true bytes, and the file says so; tshark and Wireshark open it (IETF
draft-ietf-opsawg-pcapng). It shows every cookie and password: it belongs in the restricted companion only.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bowstreet.capture.wire.tape import Entry, Kind, entries

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
SEGMENT = 65_000
_END = struct.pack("<HH", 0, 0)
_NOTE = b"Bowstreet wire tap: TCP and IP headers are invented, the payload is as relayed"
_CLIENT = ipaddress.ip_address("10.0.0.1").packed
#: Addresses for peers that are not known (through a proxy) or are loopback: the benchmarking range of RFC 2544.
_INVENTED = ipaddress.IPv4Address("198.18.0.1")


@dataclass
class _Flow:
    address: bytes
    ports: tuple[int, int]
    sequence: list[int] = field(default_factory=lambda: [1000, 5000])
    number: int = 0

    def packet(self, side: int, flags: int, data: bytes = b"") -> bytes:
        source, target = (_CLIENT, self.address) if side == 0 else (self.address, _CLIENT)
        ports = self.ports if side == 0 else self.ports[::-1]
        acknowledged = self.sequence[1 - side] & 0xFFFFFFFF if flags & ACK else 0
        tcp = struct.pack(
            ">HHIIBBHHH", *ports, self.sequence[side] & 0xFFFFFFFF, acknowledged, 0x50, flags, 65535, 0, 0
        )
        self.number = (self.number + 1) & 0xFFFF
        size = 40 + len(data)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, self.number, 0x4000, 64, 6, 0, source, target)
        self.sequence[side] += len(data) + bool(flags & (SYN | FIN))
        return ip[:10] + struct.pack(">H", _checksum(ip)) + ip[12:] + tcp + data


class Writer:
    """Writes one tape."""

    def __init__(self, file: BinaryIO, secrets: bytes) -> None:
        self._file = file
        self._flows: dict[int, _Flow] = {}
        self._asked: dict[int, dict[str, object]] = {}
        self._names: dict[str, ipaddress.IPv4Address] = {}
        section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _option(4, _NOTE) + _END
        self._block(0x0A0D0D0A, section)
        self._block(1, struct.pack("<HHI", 101, 0, 0) + _option(9, b"\x06") + _END)  # raw IP, microseconds
        self._block(10, struct.pack("<II", 0x544C534B, len(secrets)) + secrets)  # TLS key log

    def entry(self, entry: Entry) -> None:
        """Add one entry of the tape."""
        number, kind = entry.connection, entry.kind
        if kind is Kind.OPEN:
            self._asked[number] = entry.json()
        elif kind is Kind.PEER:
            self._open(entry)
        elif number not in self._flows:
            return
        elif kind in (Kind.UP, Kind.DOWN):
            for at in range(0, len(entry.data), SEGMENT):
                self._packet(
                    entry, self._flows[number].packet(kind, ACK | PSH, entry.data[at : at + SEGMENT])
                )
        elif kind in (Kind.UP_END, Kind.DOWN_END):
            flag = FIN if entry.data == b"eof" else RST
            self._packet(entry, self._flows[number].packet(kind - Kind.UP_END, flag | ACK))

    def _open(self, entry: Entry) -> None:
        asked = self._asked[entry.connection]
        host, peer = str(asked["host"]), entry.json()["peer"]
        known = ipaddress.ip_address(peer[0]) if peer else None
        if isinstance(known, ipaddress.IPv4Address) and not known.is_loopback:
            address = known
        else:
            address = self._names.setdefault(host, _INVENTED + len(self._names))
        flow = self._flows[entry.connection] = _Flow(
            address.packed, (int(str(asked["local"])), int(str(asked["port"])))
        )
        for side, flags in ((0, SYN), (1, SYN | ACK), (0, ACK)):
            self._packet(entry, flow.packet(side, flags))

    def names(self) -> None:
        """Say which invented address stands for which host (a Name Resolution Block)."""
        records = b"".join(
            _option(1, address.packed + host.encode() + b"\0") for host, address in self._names.items()
        )
        self._block(4, records + _END)

    def _packet(self, entry: Entry, data: bytes) -> None:
        at = int(entry.wall * 1e6)
        self._block(6, struct.pack("<IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(data), len(data)) + data)

    def _block(self, kind: int, body: bytes) -> None:
        body += b"\0" * (-len(body) % 4)
        size = struct.pack("<I", len(body) + 12)
        self._file.write(struct.pack("<I", kind) + size + body + size)


def write(tape: Path, keylog: Path, out: Path) -> None:
    """Write the tape and the browser's secrets as one pcapng file."""
    with out.open("wb", buffering=1 << 20) as file:
        writer = Writer(file, keylog.read_bytes() if keylog.exists() else b"")
        for entry in entries(tape):
            writer.entry(entry)
        writer.names()


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def _checksum(header: bytes) -> int:
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    total = (total & 0xFFFF) + (total >> 16)
    folded: int = (total & 0xFFFF) + (total >> 16)
    return ~folded & 0xFFFF

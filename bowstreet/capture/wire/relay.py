"""A SOCKS5 relay on loopback: passes bytes on unchanged, keeps every one, and enforces the egress rules (RFC 1928).

    python -m bowstreet.capture.wire.relay TAPE '{"ranges": []}'      →  prints its port; ends when its input ends

It runs in a process of its own, so that a busy browser driver never holds bytes back, and it ends with its parent.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import sys
from pathlib import Path
from typing import Any

from bowstreet.capture.egress import Egress, Places, Resolve, places
from bowstreet.capture.errors import EgressRefused, Unreachable
from bowstreet.capture.resolve import resolver
from bowstreet.capture.wire.tape import CHUNK, Kind, Recorder

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_OK = b"\5\0\0\1\0\0\0\0\0\0"
_SAID_NO = {"egress": 2, "resolve": 4, "connect": 5, "command": 7}  # RFC 1928 section 6
CONNECT_SECONDS = 20.0


class Refused(Exception):
    """A connection that was not made: `kind` egress, resolve, connect or command."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind, self.why = kind, why


class Relay:
    """Serves one browser. Every connection gets a number, in order of arrival."""

    def __init__(self, tape: Recorder, egress: Egress, *, resolve: Resolve | None = None) -> None:
        self._tape, self._egress, self._resolve = tape, egress, resolve or resolver(egress)
        self._count = 0
        self._live: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on a free loopback port, and say which."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK * 2)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening, and end every connection."""
        self._server.close()
        for task in list(self._live):
            task.cancel()
        await asyncio.gather(*self._live, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._live.add(task)
        try:
            await self._serve(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass  # the browser went away before it had asked for anything
        finally:
            self._live.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self._count = self._count, self._count + 1
        host, port, command = await _asked(reader, writer)
        local = writer.get_extra_info("peername")[1]
        self._note(number, Kind.OPEN, {"host": host, "port": port, "local": local})
        try:
            if command != 1:
                raise Refused("command", "only TCP connections are relayed")
            found = await self._places(host)
            upstream = await self._connect(host, port, found)
        except Refused as refused:
            self._note(number, Kind.REFUSED, {"kind": refused.kind, "why": refused.why})
            writer.write(bytes((5, _SAID_NO[refused.kind])) + _OK[2:])
            await writer.drain()
            return
        self._note(number, Kind.PEER, self._ends(upstream[1]) | {"passed_over": found.passed_over})
        writer.write(_OK)
        await writer.drain()
        await asyncio.gather(
            self._pump(number, Kind.UP, reader, upstream[1]),
            self._pump(number, Kind.DOWN, upstream[0], writer),
        )
        upstream[1].close()

    def _ends(self, writer: asyncio.StreamWriter) -> dict[str, Any]:
        if self._egress.upstream:
            return {"peer": None, "self": None}  # through a proxy, the site's address is not known
        return {"peer": writer.get_extra_info("peername")[:2], "self": writer.get_extra_info("sockname")[:2]}

    async def _places(self, host: str) -> Places:
        try:
            return await asyncio.to_thread(places, host, self._egress, self._resolve)
        except EgressRefused as refused:
            raise Refused("egress", str(refused)) from None
        except Unreachable as unknown:
            raise Refused("resolve", str(unknown)) from None

    async def _connect(self, host: str, port: int, found: Places) -> Streams:
        if self._egress.upstream:
            return await _through(self._egress, host, port)
        return await _first(host, port, found.addresses)

    async def _pump(
        self, number: int, kind: Kind, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        how = b"eof"
        try:
            while data := await reader.read(CHUNK):
                self._tape.note(number, kind, data)
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError as error:
            how = type(error).__name__.encode()
            writer.transport.abort()
        self._tape.note(number, Kind(kind + 2), how)

    def _note(self, number: int, kind: Kind, value: dict[str, Any]) -> None:
        self._tape.note(number, kind, json.dumps(value).encode())


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int, int]:
    version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    if version != 5:
        raise OSError("not SOCKS5")
    writer.write(b"\5\0")
    _, command, _, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii", "replace")
    else:
        host = str(ipaddress.ip_address(await reader.readexactly(4 if kind == 1 else 16)))
    return host, int.from_bytes(await reader.readexactly(2), "big"), command


async def _first(host: str, port: int, addresses: tuple[str, ...]) -> Streams:
    last: Exception | None = None
    for address in addresses:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(address, port, limit=CHUNK * 2)
        except (OSError, TimeoutError) as error:
            last = error
    raise Refused("connect", f"{host} port {port} does not answer ({_plain(last)})")


async def _through(egress: Egress, host: str, port: int) -> Streams:
    """Connect through the upstream proxy, which resolves the name; one user name per capture keeps circuits apart."""
    assert egress.upstream is not None
    try:
        async with asyncio.timeout(CONNECT_SECONDS * 3):
            reader, writer = await asyncio.open_connection(*egress.upstream, limit=CHUNK * 2)
            user = egress.isolation.encode() or b"bowstreet"
            writer.write(b"\5\1\2")
            if await reader.readexactly(2) != b"\5\2":
                raise Refused("connect", f"the egress '{egress.name}' refuses our way of signing in")
            writer.write(b"\1" + bytes([len(user)]) + user + bytes([len(user)]) + user)
            if (await reader.readexactly(2))[1]:
                raise Refused("connect", f"the egress '{egress.name}' refuses our way of signing in")
            name = host.encode("ascii")
            writer.write(b"\5\1\0\3" + bytes([len(name)]) + name + port.to_bytes(2, "big"))
            reply = await reader.readexactly(4)
            await reader.readexactly({1: 4, 4: 16}.get(reply[3]) or (await reader.readexactly(1))[0])
            await reader.readexactly(2)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise Refused("connect", f"the egress '{egress.name}' does not answer ({_plain(error)})") from None
    if reply[1]:
        raise Refused(
            "connect", f"the egress '{egress.name}' could not reach {host} (SOCKS reply {reply[1]})"
        )
    return reader, writer


def _plain(error: Exception | None) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__) if error else "no address"


async def _main(tape: Path, egress: Egress) -> None:
    recorder = Recorder(tape)
    relay = Relay(recorder, egress)
    sys.stdout.write(f"{await relay.start()}\n")
    sys.stdout.flush()
    # Our input ends when whoever started us ends, however it ended.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    await relay.close()
    recorder.close()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Egress.parse(json.loads(sys.argv[2]))))

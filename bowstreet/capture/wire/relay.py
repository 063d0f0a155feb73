"""A SOCKS5 relay on loopback: passes bytes on unchanged, keeps every one, and enforces the egress rules (RFC 1928).

    python -m bowstreet.capture.wire.relay TAPE '{"ranges": []}'      →  prints its port; ends when its input ends

It runs in a process of its own, so that a busy browser driver never holds bytes back, and it ends with its parent.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from socket import AI_ADDRCONFIG, SOCK_STREAM
from typing import Any

from bowstreet.capture.egress import Egress, literal, refusal
from bowstreet.capture.wire.tape import CHUNK, Kind, Recorder

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Resolve = Callable[[str, int], Awaitable[list[str]]]

_OK = b"\5\0\0\1\0\0\0\0\0\0"
_SAID_NO = {"egress": 2, "resolve": 4, "connect": 5, "command": 7}  # RFC 1928 section 6
CONNECT_SECONDS = 20.0


class Refused(Exception):
    """A connection that was not made: `kind` egress, resolve, connect or command."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind, self.why = kind, why


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, by the machine's own resolver."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=SOCK_STREAM, flags=AI_ADDRCONFIG
        )
    except OSError as error:
        raise Refused("resolve", f"{host} has no address ({error.strerror or error})") from None
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Relay:
    """Serves one browser. Every connection gets a number, in order of arrival."""

    def __init__(self, tape: Recorder, egress: Egress, *, resolve: Resolve = resolve) -> None:
        self._tape, self._egress, self._resolve = tape, egress, resolve
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
            upstream = await self._connect(host, port)
        except Refused as refused:
            self._note(number, Kind.REFUSED, {"kind": refused.kind, "why": refused.why})
            writer.write(bytes((5, _SAID_NO[refused.kind])) + _OK[2:])
            await writer.drain()
            return
        self._note(number, Kind.PEER, self._ends(upstream[1]))
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

    async def _connect(self, host: str, port: int) -> Streams:
        address = literal(host)
        if self._egress.upstream:
            if address and (why := refusal(address, ranges=self._egress.ranges)):
                raise Refused("egress", f"{host} is {why}")
            return await _through(self._egress, host, port)
        addresses = [str(address)] if address else await self._resolve(host, port)
        for found in addresses:
            # One forbidden address condemns the name: a site has no honest use for such a mixture.
            if why := refusal(found, ranges=self._egress.ranges):
                raise Refused("egress", f"{host} is {found}: {why}")
        return await _first(host, port, addresses)

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


async def _first(host: str, port: int, addresses: list[str]) -> Streams:
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
            await reader.readexactly(2)
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
    given = json.loads(sys.argv[2])
    upstream = tuple(given["upstream"]) if given.get("upstream") else None
    asyncio.run(
        _main(
            Path(sys.argv[1]),
            Egress(given["name"], upstream, tuple(given["ranges"]), given.get("isolation", "")),
        )
    )

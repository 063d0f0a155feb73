"""The wire tap against no wire tap: throughput and delay of the relay, and how fast its tape is decrypted and parsed.

.venv/bin/python benchmarks/wire.py [--megabytes 300]
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
from playwright.sync_api import sync_playwright

from bowstreet.capture.browser import executable
from bowstreet.capture.display import display
from bowstreet.capture.wire.reader import read

ROUNDS, PINGS = 3, 400
DRAIN = """async url => {
  const began = performance.now(), reader = (await fetch(url)).body.getReader(); let size = 0;
  for (;;) { const {done, value} = await reader.read(); if (done) break; size += value.length; }
  return [size, performance.now() - began];
}"""


@contextmanager
def server(kind: str, megabytes: int, folder: Path) -> Iterator[int]:
    """The server's process."""
    program = [
        sys.executable,
        str(Path(__file__).with_name("wire_server.py")),
        kind,
        str(megabytes),
        folder / "chain.pem",
        folder / "key.pem",
    ]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


@contextmanager
def relay(tape: Path) -> Iterator[int]:
    """The relay's process."""
    program = [sys.executable, "-m", "bowstreet.capture.wire.relay", str(tape), '{"ranges": ["127.0.0.0/8"]}']
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def download(url: str, proxy: int | None, keys: Path) -> float:
    """Megabytes a second at which a headed Chromium takes in one answer."""
    flags = [
        f"--ssl-key-log-file={keys}",
        "--ignore-certificate-errors",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    with display() as name, sync_playwright() as driver:
        way = {"server": f"socks5://127.0.0.1:{proxy}"} if proxy else None
        browser = driver.chromium.launch(
            executable_path=executable(),
            headless=False,
            args=flags,
            env={**os.environ, "DISPLAY": name},
            proxy=way,
        )
        page = browser.new_page()
        page.goto(url)
        size, milliseconds = page.evaluate(DRAIN, url + "big")
        browser.close()
    return float(size / 1e3 / milliseconds)


def throughput(folder: Path, megabytes: int) -> None:
    print(
        f"| {megabytes} MB in one answer, in Chromium | direct, MB/s | through the relay, MB/s | ÷ direct (aim ≥ 0.8) | decrypt and parse, MB/s (aim ≥ 400) |\n|---|---|---|---|---|"
    )
    for kind, name in (("plain", "HTTP/1.1"), ("tls", "HTTP/1.1, TLS 1.3"), ("h2", "HTTP/2, TLS 1.3")):
        rows, parsed = [], []
        with server(kind, megabytes, folder) as port:
            url = f"{'http' if kind == 'plain' else 'https'}://127.0.0.1:{port}/"
            for turn in range(ROUNDS):
                tape, keys = folder / f"{kind}{turn}.tape", folder / f"{kind}{turn}.keys"
                with relay(tape) as through:
                    rows.append((download(url, None, folder / "unused"), download(url, through, keys)))
                parsed.append(parse(tape, keys, folder, megabytes))
                tape.unlink()
        direct, ours = (statistics.median(column) for column in zip(*rows, strict=True))
        print(
            f"| {name} | {direct:.0f} | {ours:.0f} | {statistics.median(b / a for a, b in rows):.2f} | {statistics.median(parsed):.0f} |"
        )


def parse(tape: Path, keys: Path, folder: Path, megabytes: int) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as spools:
        began = time.perf_counter()
        connections = read(tape, keys, Path(spools))
        seconds = time.perf_counter() - began
    biggest = max(e.body_at.size for c in connections for e in c.exchanges)
    assert biggest == megabytes * 1_000_000, biggest
    return megabytes / seconds


def delay(folder: Path) -> None:
    """A byte there and back, on a connection that stands and on a new one."""
    with server("plain", 1, folder) as port, relay(folder / "delay.tape") as through:
        found = {}
        for name, way in (("direct", None), ("relay", through)):
            with connected(port, way) as client:
                standing = [ping(client) for _ in range(PINGS)]
            fresh = []
            for _ in range(PINGS // 4):
                began = time.perf_counter()
                with connected(port, way) as client:
                    ping(client)
                    fresh.append(time.perf_counter() - began)
            found[name] = statistics.median(standing) * 1e3, statistics.median(fresh) * 1e3
    print(
        "\n| time to first byte, median | direct, ms | through the relay, ms | added, ms (aim ≤ 1) |\n|---|---|---|---|"
    )
    for at, name in enumerate(("on a connection that stands", "with the connection made")):
        direct, ours = found["direct"][at], found["relay"][at]
        print(f"| {name} | {direct:.2f} | {ours:.2f} | {ours - direct:.2f} |")


@contextmanager
def connected(port: int, way: int | None) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", way or port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if way:
            client.sendall(b"\5\1\0")
            client.recv(2)
            client.sendall(b"\5\1\0\1\x7f\0\0\1" + port.to_bytes(2, "big"))
            client.recv(10)
        yield client


def ping(client: socket.socket) -> float:
    began = time.perf_counter()
    client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    client.recv(1)
    seconds = time.perf_counter() - began
    client.recv(1 << 16)
    return seconds


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--megabytes", type=int, default=300)
    megabytes = given.parse_args().megabytes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        leaf = trustme.CA().issue_cert("127.0.0.1")
        leaf.cert_chain_pems[0].write_to_path(folder / "chain.pem")
        leaf.private_key_pem.write_to_path(folder / "key.pem")
        throughput(folder, megabytes)
        delay(folder)
    print(
        f"\nPeak memory of the process that decrypts and parses: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB."
    )
    print(
        f"\n{ssl.OPENSSL_VERSION}; load while measuring {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )


if __name__ == "__main__":
    main()

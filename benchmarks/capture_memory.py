"""Peak memory of a capture of a large body, over the browser: our own process and the relay's, sampled all the while.

    BOWSTREET_ALLOW_TEST_RANGES=1 .venv/bin/python benchmarks/capture_memory.py [--megabytes 300]

The page fetches one body of that many bytes, sent with a length or in chunks. The browser and its driver are not counted,
nor are pages of files that are mapped into memory and can be dropped at any time (RssAnon).
"""

from __future__ import annotations

import argparse
import http.server
import multiprocessing
import os
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bowstreet.capture.permit import Permit
from bowstreet.flow import Home, capture_and_seal

AIM = 200
PIECE = 1 << 18


def now() -> datetime:
    return datetime.now(UTC)


def serve(said: Connection, size: int) -> None:
    """The site, in a process of its own, so that it is not counted."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not self.path.startswith("/body"):
                how = self.path.lstrip("/")
                page = f"<title>Large</title><script>fetch('/body-{how}').then(async r => {{ const from = r.body.getReader(); while (!(await from.read()).done); document.title = 'Done'; }})</script>".encode()
                self.wfile.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                    % (len(page), page)
                )
                return
            chunked = self.path.endswith("chunked")
            told = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % size
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n" + told + b"\r\n\r\n")
            piece = os.urandom(PIECE)
            for _ in range(size // PIECE):
                self.wfile.write(b"%x\r\n%s\r\n" % (PIECE, piece) if chunked else piece)
            self.wfile.write(b"0\r\n\r\n" if chunked else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.send(server.server_address[1])
    server.serve_forever()


def resident(pid: int) -> int:
    """Bytes that a process and its own Python children hold in memory, shared files left out (RssAnon)."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            mine = int(lines["Pid"]) == pid or (int(lines["PPid"]) == pid and "python" in lines["Name"])
        except (OSError, KeyError):
            continue
        if mine and "RssAnon" in lines:
            total += int(lines["RssAnon"].split()[0]) * 1024
    return total


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--megabytes", type=int, default=300)
    size = asked.parse_args().megabytes * 1_000_000 // PIECE * PIECE
    ours, theirs = multiprocessing.Pipe()
    site = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, size), daemon=True)
    site.start()
    host = f"127.0.0.1:{ours.recv()}"
    permit = Permit(
        reference="B", operation="OP", authority="A", officer="o", purpose="detection", sites=(host,), techniques=("visit",),
        starts=now(), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    print(
        "| body | MB kept | peak over the browser, MB | of that before the visit | aim |\n|---|---|---|---|---|"
    )
    for how in ("length", "chunked"):
        before = resident(os.getpid()) - resident(site.pid or 0)
        peak, over = [before], threading.Event()

        def watch(peak: list[int] = peak, over: threading.Event = over) -> None:
            while not over.wait(0.02):
                peak[0] = max(peak[0], resident(os.getpid()) - resident(site.pid or 0))

        watcher = threading.Thread(target=watch)
        watcher.start()
        with tempfile.TemporaryDirectory() as folder:
            kept = capture_and_seal(
                permit, f"http://{host}/{how}", home=Home(Path(folder)), now=now, gate=lambda _: permit
            )
            size_kept = Home(Path(folder)).objects.path(kept.sha256).stat().st_size
        over.set()
        watcher.join()
        print(
            f"| {how} | {size_kept / 1e6:.0f} | {peak[0] / 1e6:.0f} | {before / 1e6:.0f} | ≤ {AIM} |",
            flush=True,
        )
        time.sleep(0.1)
    site.terminate()


if __name__ == "__main__":
    main()

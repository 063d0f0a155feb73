"""A site whose page fetches one large body, and a capture of it in a process of its own: each runs as a program.

python tests/capture/large.py serve MEGABYTES            prints its address; each answer's digest as it is sent
python tests/capture/large.py capture URL FOLDER         prints the digest of the sealed archive, and our peak memory
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PIECE = 1 << 18
PAGE = b"""<!doctype html><title>Large</title><p>A large body</p><script>
fetch("/body").then(async r => {
  const from = r.body.getReader();
  while (!(await from.read()).done);
  document.title = "Read to its end";
});
</script>"""
PEAK = "VmHWM:"  # this program's own; getrusage would tell that of the one which started it


def peak(process: int | str = "self") -> int:
    """The most memory that a process has held, in kilobytes; 0 where it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int(status.split(PEAK)[1].split()[0]) if PEAK in status else 0


def say(line: str) -> None:
    """A line for whoever started us, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def serve(size: int) -> None:
    pieces = [os.urandom(PIECE) for _ in range(8)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/body":
                self._body()
            else:
                self.wfile.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
                    + PAGE
                )

        def _body(self) -> None:
            sent = hashlib.sha256()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n"
            for part in (
                head,
                *(b"%x\r\n%s\r\n" % (PIECE, pieces[n % 8]) for n in range(size // PIECE)),
                b"0\r\n\r\n",
            ):
                sent.update(part)
                self.wfile.write(part)
            say(sent.hexdigest())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    say(f"http://127.0.0.1:{server.server_address[1]}/")
    server.serve_forever()


def capture(url: str, folder: Path) -> None:
    from bowstreet.capture.limits import Limits
    from bowstreet.capture.permit import Permit
    from bowstreet.flow import Home, capture_and_seal

    at = datetime.now(UTC)
    permit = Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(url.split("/")[2],),
        techniques=("visit",), starts=at, ends=at + timedelta(hours=5), issued=at, test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    patient = Limits(quiet_seconds=300, visit_seconds=600, bytes=2_000_000_000)
    relays, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            relays[0] = max(relays[0], *(peak(child) for child in children() if is_relay(child)), 0)

    watcher = threading.Thread(target=watch)
    watcher.start()
    kept = capture_and_seal(
        permit, url, home=Home(folder), now=lambda: datetime.now(UTC), gate=lambda _: permit, limits=patient
    )
    over.set()
    watcher.join()
    made = kept.capture
    say(json.dumps({"sha256": kept.sha256, "matched": made.matched, "seen": made.seen, "title": made.title,
                      "cut_off": made.cut_off, "peak": peak(), "relay": relays[0]}))  # fmt: skip


def children() -> list[int]:
    """The processes that this one has started."""
    return [
        int(n) for task in Path("/proc/self/task").iterdir() for n in (task / "children").read_text().split()
    ]


def is_relay(process: int) -> bool:
    """Is it the process of relays?"""
    try:
        return b"bowstreet.capture.relays" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]) << 20)
    else:
        capture(sys.argv[2], Path(sys.argv[3]))

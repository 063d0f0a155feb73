"""Time to verify a 1 GB WACZ, as a multiple of `openssl dgst -sha256` of the same file, in the same run.

    .venv/bin/python benchmarks/verify.py [--megabytes 1024] [--folder /var/tmp]

Three archives: bodies that do not shrink (pictures, video); a mix as shops send it, by size as stored: 75 % pictures,
20 % text that the server had compressed, 5 % text that it had not; and HTML that no server compressed, which grows
more than three times.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from bowstreet.evidence.pack import open_pack
from bowstreet.evidence.record import Record
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import verify
from bowstreet.evidence.wacz import PackWriter

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
SITE = "http://shop.example/"


def pictures(megabytes: int) -> Iterator[tuple[str, bytes]]:
    """Bodies of 256 kB that do not shrink."""
    for _ in range(megabytes * 4):
        yield "image/jpeg", os.urandom(1 << 18)


def html(megabytes: int) -> Iterator[tuple[str, bytes]]:
    """Pages of 64 kB of words, compressed about four times by the archive."""
    words = [f"{random.getrandbits(24):x}" for _ in range(5000)]
    page = " ".join(f"<p>{random.choice(words)}</p>" for _ in range(6000)).encode()[: 1 << 16]
    for n in range(megabytes * 16 * 3):
        yield "text/html", page + str(n).encode()


def mix(megabytes: int) -> Iterator[tuple[str, bytes]]:
    """Three pictures of 256 kB, two texts of 100 kB as coded by the server, and a page of 180 kB, again and again."""
    plain = next(html(1))[1] * 3
    for n in range(megabytes):
        for _ in range(3):
            yield "image/jpeg", os.urandom(1 << 18)
        for _ in range(2):
            yield "text/javascript", os.urandom(100_000)  # what gzip and brotli give looks like chance
        yield "text/html", plain[:180_000] + str(n).encode()


def build(folder: Path, bodies: Iterator[tuple[str, bytes]], key: SigningKey) -> Path:
    """A sealed archive of these bodies."""
    pack = PackWriter(folder, created=AT)
    for number, (kind, body) in enumerate(bodies):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        pack.write(Record("response", f"{SITE}{number}", AT, (head, body)))
    pack.page(url=f"{SITE}0", ts=AT)
    unsigned = pack.finish(folder / "unsigned.wacz")
    (folder / "data.warc.gz").unlink()
    sealed = seal(unsigned, folder / "sealed.wacz", key=key, at=AT).path
    unsigned.unlink()
    return sealed


def best(times: int, work: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def measure(path: Path, trust: Trust) -> tuple[float, float, float]:
    """Seconds for openssl, for gunzip and openssl of the WARC in it, and for verify."""

    def check() -> None:
        verdict = verify(path, trust=trust)
        assert verdict.ok, verdict.reason

    command = ["openssl", "dgst", "-sha256", str(path)]
    peer = best(3, lambda: subprocess.run(command, check=True, capture_output=True))
    with open_pack(path) as pack:
        start, size = pack.span("archive/data.warc.gz")
    pipe = f"tail -c +{start + 1} '{path}' | head -c {size} | gzip -dc | openssl dgst -sha256"
    inflate = best(1, lambda: subprocess.run(["sh", "-c", pipe], check=True, capture_output=True))
    return peer, inflate, best(2, check)


def _peak(path: Path) -> int:
    """Peak memory of a process that only verifies, in MB."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from bowstreet.evidence.verify import verify\n"
        "verify(Path(sys.argv[1]), integrity_only=True)\n"
        "print(int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    return int(done.stdout)


def main() -> None:
    """Build, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=1024)
    options.add_argument("--folder", type=Path)
    args = options.parse_args()
    print(
        "| archive | MB | openssl dgst, s | verify, s | ÷ openssl (aim ≤ 4) "
        "| gzip -dc and openssl, s | ÷ that | peak memory, MB |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for title, bodies in (("pictures", pictures), ("a mix", mix), ("HTML", html)):
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            key = SigningKey.load_or_make(Path(folder) / "keys")
            path = build(Path(folder) / "work", bodies(args.megabytes), key)
            peer, inflate, ours = measure(path, Trust.of(key))
            size, peak = path.stat().st_size / 1e6, _peak(path)
            print(
                f"| {title} | {size:.0f} | {peer:.2f} | {ours:.2f} | {ours / peer:.1f} "
                f"| {inflate:.2f} | {ours / inflate:.1f} | {peak} |"
            )


if __name__ == "__main__":
    main()

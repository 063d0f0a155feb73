"""One visit to the test site that speaks HTTP in every way: how much of what it sent stands exactly in the archive.

.venv/bin/python benchmarks/exact.py          (the site is tests/capture/oracle; its own record is the measure)
"""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "capture"))
os.environ.setdefault("BOWSTREET_ALLOW_TEST_RANGES", "1")

from oracle import whole
from oracle.authority import Authority, trusted
from oracle.record import digest

from bowstreet.capture.limits import Limits
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, visit
from bowstreet.evidence.warc import records


def capture(site: whole.Site, folder: Path) -> Capture:
    at = datetime.now(UTC)
    permit = Permit(
        reference="B", operation="OP", authority="A", officer="o", purpose="detection", sites=(site.url.split("/")[2],), techniques=("visit",),
        starts=at, ends=at + timedelta(hours=1), issued=at, test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    patient = Limits(load_seconds=60, quiet_seconds=60)
    return visit(permit, site.url, folder=folder, now=lambda: datetime.now(UTC), limits=patient)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, authority = Path(name), Authority(Path(name))
        with whole.serve(authority) as site, trusted(authority):
            made = capture(site, folder / "out")
        with zipfile.ZipFile(made.wacz) as pack:
            pack.extract("archive/data.warc.gz", folder)
        h1, h2, requests, cookies = Counter[str](), Counter[str](), Counter[str](), 0
        for one in records(folder / "archive" / "data.warc.gz"):
            block = b"".join(one.chunks())
            if one.kind == "request":
                requests[one.url or "", digest(block)] += 1
            elif one.kind == "response":
                head, _, body = block.partition(b"\r\n\r\n")
                cookies += sum(line.lower().startswith(b"set-cookie:") for line in head.split(b"\r\n"))
                modern = one.header("WARC-Protocol") == "h2"
                (h2 if modern else h1)[one.url or "", digest(body if modern else block)] += 1
    sent = site.record.sent
    old, new = (
        [s for s in sent if s.protocol == "http/1.1"],
        [s for s in sent if s.protocol == "h2" and s.whole and s.block],
    )
    asked = Counter((s.url, s.asked) for s in old)
    told = 3 * 5 + 3  # what the site's answers hold
    rows = [
        (
            "HTTP/1.1 responses, byte-exact",
            sum((h1 & Counter((s.url, s.block) for s in old)).values()),
            len(old),
        ),
        ("HTTP/1.1 requests, byte-exact", sum((requests & asked).values()), len(old)),
        ("HTTP/2 bodies, byte-exact", sum((h2 & Counter((s.url, s.block) for s in new)).values()), len(new)),
        ("Set-Cookie lines kept", cookies, told),
        ("answers the browser saw, on the wire", made.matched, made.seen),
    ]
    print("| | kept | of |\n|---|---|---|")
    for label, kept, of in rows:
        print(f"| {label} | {kept} | {of} |")
    print(f"| user agents at the site | {len(site.record.agents)} | 1 |")
    print(f"| headers that a browser does not send | {len(site.record.odd_headers)} | 0 |")


if __name__ == "__main__":
    main()

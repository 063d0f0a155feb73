"""Real saved market pages, served on loopback, captured by Chromium, read from the capture. Counts only; no content is kept."""

from __future__ import annotations

import http.server
import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import visit
from bowstreet.flow import read

DATA = Path(os.environ.get("BOWSTREET_DATA", "")) / "msc-darkweb-html"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.data,
    pytest.mark.skipif(
        not os.environ.get("BOWSTREET_DATA") or not DATA.is_dir(),
        reason="BOWSTREET_DATA names no folder of real pages",
    ),
]


class Saved(http.server.BaseHTTPRequestHandler):
    """Serves the saved pages by their path in the folder."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = (DATA / self.path.lstrip("/")).resolve()
        found = path.is_file() and path.is_relative_to(DATA.resolve())
        body = path.read_bytes() if found else b"not here"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Saved)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()


def gold() -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (DATA / "gold/listing_gold_dev.jsonl").read_text().splitlines()]
    return [next(row for row in rows if row["market"] == market) for market in ("empire", "cryptonia")]


def test_real_listing_pages_are_captured_whole_and_read(served: str, tmp_path: Path) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    permit = Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(served,),
        techniques=("visit",), starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    for truth in gold():
        capture = visit(permit, f"http://{served}/{truth['page']}", folder=tmp_path, now=now)
        assert capture.matched == capture.seen > 0
        listings = [one for _, page in read([capture.wacz]) for one in page.listings]
        assert len(listings) == 1
        assert listings[0].seller == truth["seller"]
        assert listings[0].price is not None
        assert float(listings[0].price.amount) == pytest.approx(truth["price"])
        assert listings[0].price.currency == truth["currency"]

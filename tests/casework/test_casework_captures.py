"""Requests are claimed once, and taken up again when a worker dies; broken evidence is kept as far as it goes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bowstreet.capture.errors import BadAddress, CaptureError
from bowstreet.casework.captures import acts, queries
from bowstreet.casework.captures.models import Capture, Request
from bowstreet.casework.exhibits import acts as exhibits
from bowstreet.casework.exhibits import queries as exhibit_queries
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.findings import queries as found
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

PAGE = b"""<html lang="en"><title>Blue widgets</title><body><h1>Blue widgets</h1><dl><dt>Price</dt><dd>&pound;12.00</dd>
<dt>Seller</dt><dd>quarrybank</dd><dt>Ships from</dt><dd>Wales</dd></dl><p>Write to quarrybank@post.example</p></body></html>"""


@pytest.fixture
def received(alice: Officer, operation: Operation, now: datetime, tmp_path: Path) -> Capture:
    path = tmp_path / "widgets.html"
    path.write_bytes(PAGE)
    capture, _ = acts.take_in(officer=alice, operation=operation, path=path, at=now, source="a colleague")
    findings.read_capture(capture, officer=alice, at=now)
    return capture


def test_two_workers_never_claim_the_same_request(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    acts.ask(officer=alice, operation=operation, urls=["https://shop.example/"], at=now)
    first, second = acts.claim(worker="one", at=now), acts.claim(worker="two", at=now)
    assert first is not None
    assert second is None


def test_a_request_whose_worker_died_is_taken_up_again(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    acts.ask(officer=alice, operation=operation, urls=["https://shop.example/"], at=now)
    acts.claim(worker="one", at=now)
    again = acts.claim(worker="two", at=now + acts.LEASE + timedelta(seconds=1))
    assert again is not None
    assert again.claimed_by == "two"


def test_one_bad_address_in_a_list_puts_none_on_it(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    with pytest.raises(BadAddress):
        acts.ask(officer=alice, operation=operation, urls=["https://shop.example/", "nonsense"], at=now)
    assert not Request.objects.exists()


def test_a_refused_visit_says_why_on_the_request(alice: Officer, operation: Operation, now: datetime) -> None:
    acts.ask(officer=alice, operation=operation, urls=["https://other.example/"], at=now)
    request = acts.claim(worker="one", at=now)
    assert request is not None
    with pytest.raises(CaptureError):
        acts.carry_out(request, now=lambda: now)
    request.refresh_from_db()
    assert (request.state, "outside the sites" in request.problem) == ("failed", True)


def test_what_is_received_is_read_with_proofs_into_its_bytes(
    alice: Officer, received: Capture, now: datetime
) -> None:
    listing = found.listings(alice, received.operation.reference, at=now)[0]
    assert (listing.title, listing.amount, listing.currency, listing.seller) == (
        "Blue widgets",
        "12.00",
        "GBP",
        "quarrybank",
    )
    start, end = listing.proof["seller"]["bytes"]
    assert PAGE[start:end] == b"quarrybank"


def test_reading_again_replaces_and_doubles_nothing(alice: Officer, received: Capture, now: datetime) -> None:
    findings.read_capture(received, officer=alice, at=now)
    assert len(found.listings(alice, received.operation.reference, at=now)) == 1
    assert found.search(alice, "widgets", at=now)["total"] == 1


def test_a_broken_archive_is_kept_with_where_it_broke(
    alice: Officer, operation: Operation, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "cut.warc.gz"
    record = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
    path.write_bytes(gzip.compress(record) + gzip.compress(record)[:40])
    capture, seen = acts.take_in(officer=alice, operation=operation, path=path, at=now)
    assert seen.records >= 1
    assert capture.faults


def test_what_is_no_evidence_is_refused_and_nothing_is_kept(
    alice: Officer, operation: Operation, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "picture.bin"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(acts.BadEvidence):
        acts.take_in(officer=alice, operation=operation, path=path, at=now)
    assert not Capture.objects.exists()


def test_an_exhibit_verifies_and_its_reference_is_not_used_twice(
    alice: Officer, operation: Operation, received: Capture, now: datetime
) -> None:
    made = [
        exhibits.produce(
            officer=alice, operation=operation, numbers=[received.pk], description="A page", at=now
        )
        for _ in range(2)
    ]
    assert [one.reference for one in made] == ["AB/1", "AB/2"]
    assert exhibit_queries.verdict(made[0]).intact
    assert list(exhibits.path(made[0]).rglob("*.tlog-proof"))


def test_an_exhibit_of_nothing_is_refused(alice: Officer, operation: Operation, now: datetime) -> None:
    with pytest.raises(exhibits.BadExhibit, match="at least one"):
        exhibits.produce(officer=alice, operation=operation, numbers=[99], description="x", at=now)


def test_an_outsider_finds_nothing(charlie: Officer, received: Capture, now: datetime) -> None:
    with pytest.raises(NotFound):
        queries.get(charlie, received.operation.reference, received.pk)
    assert found.search(charlie, "widgets", at=now)["total"] == 0


def test_a_saved_page_has_the_address_that_whoever_brought_it_gives(
    alice: Officer, operation: Operation, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "widgets.html"
    path.write_bytes(PAGE)
    url = "https://shop.example/widgets"
    capture, _ = acts.take_in(officer=alice, operation=operation, path=path, at=now, url=url)
    findings.read_capture(capture, officer=alice, at=now)
    assert [page.url for page in capture.pages.all()] == [url]
    with pytest.raises(BadAddress):
        acts.take_in(officer=alice, operation=operation, path=path, at=now, url="widgets")


IMPORT = """
import os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from bowstreet.evidence.warc import Record, WarcWriter
path, size = Path(sys.argv[1]), int(sys.argv[2])
page = b"<!doctype html><html lang=en><title>Lamp</title><h1>Lamp</h1>" + b"<p>Brass lamp, hardly used.</p>" * 500
with WarcWriter(path) as warc:
    number = 0
    while path.stat().st_size < size:
        number += 1
        for kind, body in (("image/jpeg", os.urandom(20 << 20)), ("video/mp4", os.urandom(60 << 20)), *[("text/html", page)] * 3):
            head = f"HTTP/1.1 200 OK\\r\\nContent-Type: {kind}\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n".encode()
            warc.write(Record("response", f"http://shop.example/{number}/{len(body)}", datetime.now(UTC), (head, body)))
"""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", [70 << 20, pytest.param(5 << 30, marks=pytest.mark.soak)])
def test_a_large_archive_is_imported_and_read_in_three_hundred_megabytes(tmp_path: Path, size: int) -> None:
    path, home = tmp_path / "large.warc.gz", os.environ | {"BOWSTREET_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", IMPORT, path, str(size)], check=True)
    opened = "operation open --name K --purpose detection --rationale R --site a.example --as alice"
    subprocess.run(
        [sys.executable, "-m", "bowstreet", *opened.split(" ")], env=home, check=True, capture_output=True
    )
    # VmHWM is this program's own peak; getrusage would give that of the process which started it, if that was greater.
    code = (
        "from bowstreet.cli import main\nfrom pathlib import Path\n"
        "try: main()\nfinally: print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    words = ["import", path, "--operation", "OP-0001", "--as", "alice", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=home, check=True, capture_output=True, text=True
    )
    line, peak = done.stdout.splitlines()
    assert json.loads(line)["errors"] == []
    assert json.loads(line)["records"] == 5 * (1 + (size - 1) // (80 << 20))
    assert int(peak) < 300_000

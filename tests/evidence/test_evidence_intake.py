"""Taking in what others made: every record found, what is broken said, nothing lost, memory flat."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from packs import AT, SITE, build, response

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.intake import look
from bowstreet.evidence.message import Head, decode
from bowstreet.evidence.pages import pages
from bowstreet.evidence.record import Record, Span
from bowstreet.evidence.scan import Fault, records
from bowstreet.evidence.store import Store
from bowstreet.evidence.warc import WarcWriter
from bowstreet.tables import PAGES


@pytest.fixture
def data() -> Path:
    folder = os.environ.get("BOWSTREET_DATA")
    if not folder or not (Path(folder) / "warc").is_dir():
        pytest.skip("BOWSTREET_DATA names no folder that holds warc/")
    return Path(folder) / "warc"


@pytest.mark.data
def test_other_peoples_archives_have_the_records_that_another_reader_counts(data: Path) -> None:
    compared = 0
    for entry in json.loads((data / "expected_warcio_1.8.1.json").read_text()):
        if "records" not in entry:
            continue
        faults: list[Fault] = []
        kinds: dict[str, int] = {}
        for record in records(data / entry["file"], faults=faults):
            kinds[record.kind] = kinds.get(record.kind, 0) + 1
        if entry["error"] is None:
            assert kinds == entry["types"], entry["file"]
            compared += 1
        else:
            assert sum(kinds.values()) >= entry["records"], entry["file"]
            assert faults or "brotli" in entry["error"], entry["file"]
    assert compared >= 25


@pytest.mark.data
def test_other_peoples_packs_are_looked_at_without_a_crash(data: Path) -> None:
    for path in sorted(data.rglob("*.wacz")):
        intake = look(path)
        assert intake.kind == "wacz"
        assert intake.records or intake.errors


def archive(path: Path, *, plain: bool = False) -> Path:
    with WarcWriter(path, gzip=not plain) as warc:
        for n in range(5):
            warc.write(response(f"{SITE}{n}", f"<p>page {n}</p>".encode(), "Content-Type: text/html"))
    return path


def urls(path: Path) -> tuple[list[str | None], list[str]]:
    faults: list[Fault] = []
    found = [record.url for record in records(path, faults=faults)]
    return found, [str(fault) for fault in faults]


@pytest.mark.parametrize("plain", [True, False])
def test_what_was_written_is_read_back(tmp_path: Path, plain: bool) -> None:
    path = archive(tmp_path / "a.warc", plain=plain)
    read = list(records(path))
    assert [r.url for r in read] == [f"{SITE}{n}" for n in range(5)]
    assert [r.offset for r in read] == sorted({r.offset for r in read})
    assert read[-1].end == path.stat().st_size
    for offset in (r.offset for r in read):
        assert next(iter(records(path, start=offset))).offset == offset


def test_a_truncated_archive_keeps_what_comes_before_and_says_where(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz")
    last = list(records(path))[-1].offset
    path.write_bytes(path.read_bytes()[:-30])
    found, faults = urls(path)
    assert len(found) >= 4
    assert faults == [f"at byte {last}: the file ends inside a gzip member"]
    with pytest.raises(BadArchive, match=f"at byte {last}"):
        list(records(path))


def test_a_broken_member_loses_only_itself(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz")
    third = list(records(path))[2].offset
    data = bytearray(path.read_bytes())
    data[third + 40 : third + 60] = b"\0" * 20
    path.write_bytes(data)
    found, faults = urls(path)
    assert [u for u in found if u] == [f"{SITE}{n}" for n in (0, 1, 3, 4)]
    assert faults[0].startswith(f"at byte {third}: broken gzip")


def test_bytes_of_something_else_between_records_are_passed_over(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc", plain=True)
    third = list(records(path))[2].offset
    data = path.read_bytes()
    path.write_bytes(data[:third] + b"garbage\r\nmore garbage\0\xff\r\n" + data[third:])
    found, faults = urls(path)
    assert len(found) == 5
    assert len(faults) == 1


def test_an_arc_file_is_read(tmp_path: Path) -> None:
    body = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old</p>"
    top = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n\n"
    text = b"filedesc://a.arc 0.0.0.0 20030101000000 text/plain %d\n" % len(top) + top
    text += b"http://shop.example/ 192.0.2.1 20030101000000 text/html %d\n" % len(body) + body + b"\n"
    (tmp_path / "a.arc").write_bytes(text)
    intake = look(tmp_path / "a.arc")
    assert (intake.kind, intake.records, intake.pages, intake.errors) == ("arc", 2, 1, ())
    (row,) = [row for batch in pages(tmp_path / "a.arc") for row in batch.to_pylist()]
    assert (row["url"], row["body"], row["ts"].year) == ("http://shop.example/", b"<p>old</p>", 2003)


def test_a_pack_cut_short_still_gives_its_records(tmp_path: Path) -> None:
    path = build(tmp_path / "w", tmp_path / "a.wacz")
    whole = look(path)
    assert whole.errors == ()
    path.write_bytes(path.read_bytes()[:-600])
    cut = look(path)
    assert cut.records >= whole.records
    assert "not a whole ZIP file" in cut.errors[0]


def test_what_is_no_evidence_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1\2\3")
    with pytest.raises(BadArchive, match="none of WARC, ARC, WACZ and HTML"):
        look(tmp_path / "a.bin")


def coded(coding: str, body: bytes) -> bytes:
    if coding == "br":
        return bytes(pytest.importorskip("brotli").compress(body))
    if coding == "zstd":
        return bytes(pytest.importorskip("zstandard").compress(body))
    return {"gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes}[coding](body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity"])
@pytest.mark.parametrize("chunked", [True, False])
def test_every_coding_of_a_body_is_undone(tmp_path: Path, coding: str, chunked: bool) -> None:
    body = "<p>Größe, £ 5</p>".encode() * 100
    sent = coded(coding, body)
    fields = ["Content-Type: text/html; charset=UTF-8", f"Content-Encoding: {coding}"]
    if chunked:
        sent = b"".join(
            b"%x;x=1\r\n%s\r\n" % (len(sent[i : i + 7]), sent[i : i + 7]) for i in range(0, len(sent), 7)
        )
        sent, fields = sent + b"0\r\nTrailer: x\r\n\r\n", [*fields, "Transfer-Encoding: chunked"]
    with WarcWriter(tmp_path / "a.warc.gz") as warc:
        ref = warc.write(response(SITE, sent, *fields))
    assert (ref.payload is None) == chunked
    (row,) = [row for batch in pages(tmp_path / "a.warc.gz") for row in batch.to_pylist()]
    assert row["body"] == body
    assert (row["charset"], row["block"], row["role"], row["page"]) == ("UTF-8", ref.block, "response", SITE)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_refused_before_it_is_unpacked(coding: str) -> None:
    bomb = coded(coding, b"\0" * (64 << 20))
    head = Head("HTTP/1.1 200 OK", (("Content-Encoding", coding),), 0)
    tracemalloc.start()
    try:
        with pytest.raises(BadArchive, match="larger than"):
            decode(bomb, head, limit=1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
    finally:
        tracemalloc.stop()


def test_the_pages_of_a_pack_have_their_proofs_beginning(tmp_path: Path) -> None:
    path = build(tmp_path / "w", tmp_path / "a.wacz")
    batches = list(pages(path))
    assert batches[0].schema.equals(PAGES)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert {(r["role"], r["url"]) for r in rows} >= {("response", SITE), ("image", SITE + "a.png")}
    assert {r["page"] for r in rows} == {SITE}
    assert all(r["source"].startswith("sha256:") and r["record"].startswith("urn:uuid:") for r in rows)


def test_a_saved_page_gives_the_address_it_was_saved_from(tmp_path: Path) -> None:
    text = "<!DOCTYPE html>\n<!-- saved from url=(0026)http://shop.example/offers -->\n<p>x</p>"
    (tmp_path / "a.html").write_text(text)
    (tmp_path / "b.txt").write_text("Call 020 7946 0000")
    rows = [row for batch in pages(tmp_path) for row in batch.to_pylist()]
    assert [(r["url"][:27], r["media_type"], r["role"]) for r in rows] == [
        ("http://shop.example/offers", "text/html", "file"),
        (rows[1]["url"][:27], "text/plain", "file"),
    ]
    assert look(tmp_path / "a.html").pages == 1


def test_the_store_keeps_an_object_once_under_its_digest(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    (tmp_path / "a").write_bytes(b"evidence")
    (tmp_path / "a.one.tsr").write_bytes(b"token")
    name = store.put(tmp_path / "a")
    assert store.put(tmp_path / "a") == name
    assert store.path(name).read_bytes() == b"evidence"
    assert store.path(name).stat().st_mode & 0o222 == 0
    assert store.path(name).with_name(f"{name}.one.tsr").read_bytes() == b"token"
    assert list(store) == [name]
    done = subprocess.run(["sha256sum", store.path(name)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(name)
    assert list(store.damaged()) == []
    store.path(name).chmod(0o644)
    store.path(name).write_bytes(b"evidencE")
    assert list(store.damaged()) == [name]
    with pytest.raises(Exception, match="no object"):
        store.path("0" * 64)


@pytest.mark.parametrize("size", [80 << 20, pytest.param(5 << 30, marks=pytest.mark.soak)])
def test_a_large_body_is_written_and_looked_at_in_flat_memory(tmp_path: Path, size: int) -> None:
    code = (
        "import sys, os\n"
        "from pathlib import Path\n"
        "from datetime import datetime, UTC\n"
        "from bowstreet.evidence.warc import Record, Span, WarcWriter\n"
        "from bowstreet.evidence.intake import look\n"
        "folder, size = Path(sys.argv[1]), int(sys.argv[2])\n"
        "peak = lambda: int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])\n"
        "base = peak()\n"
        "with (folder / 'spool').open('wb') as file:\n"
        "    for _ in range(size >> 20): file.write(os.urandom(1 << 20))\n"
        "head = b'HTTP/1.1 200 OK\\r\\nContent-Type: video/mp4\\r\\n\\r\\n'\n"
        "with WarcWriter(folder / 'a.warc.gz') as warc:\n"
        "    ref = warc.write(Record('response', 'http://shop.example/', datetime.now(UTC), (head, Span(folder / 'spool', 0, size))))\n"
        "assert ref.size == size + len(head)\n"
        "assert look(folder / 'a.warc.gz').records == 1\n"
        "print((peak() - base) // 1024)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40


def test_a_span_that_is_shorter_than_it_says_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"12345")
    record = Record("resource", "urn:x", AT, (Span(tmp_path / "spool", 0, 6),))
    with WarcWriter(tmp_path / "a.warc.gz") as warc, pytest.raises(Exception, match="shorter"):
        warc.write(record)
    assert (tmp_path / "a.warc.gz").stat().st_size == 0

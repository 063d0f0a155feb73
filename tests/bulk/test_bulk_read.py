"""Many archives at once: the two engines agree, a killed run goes on, and nothing broken ends it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bowstreet.bulk import run
from bowstreet.bulk import unit as units
from bowstreet.reading.tabular import SCHEMAS

ROW = """<div class="row"><a href="/listing/{n}"><img src="/{n}.png"></a><h3><a href="/listing/{n}">Blue widget number {n}, hand made</a></h3>
<span>&pound;{n}.50</span> <a href="/seller/quarrybank">quarrybank</a></div>"""


def _page(first: int) -> str:
    return (
        "<html lang='en'><title>Widgets</title><body>"
        + "".join(ROW.format(n=first + k) for k in range(8))
        + "</body></html>"
    )


def _warc(path: Path, numbers: range) -> None:
    with path.open("wb") as file:
        for number in numbers:
            body = _page(number * 10).encode()
            http = (
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                % len(body)
                + body
            )
            head = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
                f"WARC-Target-URI: http://shop.example/page/{number}\r\nWARC-Date: 2026-11-24T10:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            file.write(head.encode() + http + b"\r\n\r\n")


@pytest.fixture
def archives(tmp_path: Path) -> list[Path]:
    made = []
    for number in range(3):
        made.append(tmp_path / f"{number}.warc")
        _warc(made[-1], range(number * 5, number * 5 + 5))
    return made


def _tables(folder: Path) -> dict[str, pa.Table]:
    return {name: pq.read_table(folder / f"{name}.parquet") for name in SCHEMAS}


def test_a_run_reads_every_page_in_the_order_of_the_paths(archives: list[Path], tmp_path: Path) -> None:
    seen: list[run.Progress] = []
    report = run.read(archives, tmp_path / "out", workers=2, progress=seen.append)
    assert (report.pages, report.faults, report.units) == (15, (), 3)
    urls = _tables(tmp_path / "out")["listings"]["seen_on"].to_pylist()
    assert list(dict.fromkeys(urls)) == [f"http://shop.example/page/{n}" for n in range(15)]
    assert (seen[-1].pages, seen[-1].bytes) == (15, seen[-1].total)


def test_both_engines_give_equal_tables(archives: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: script/setup spark")
    run.read(archives, tmp_path / "local", workers=2)
    report = run.read(archives, tmp_path / "spark", engine="spark", workers=2)
    assert report.pages == 15
    local, spark = _tables(tmp_path / "local"), _tables(tmp_path / "spark")
    assert all(local[name].equals(spark[name]) for name in SCHEMAS)
    assert local["listings"].num_rows > 0


def test_what_is_broken_is_told_and_skipped(archives: list[Path], tmp_path: Path) -> None:
    archives[1].write_bytes(archives[1].read_bytes()[:-2000] + b"\x00" * 500)
    (tmp_path / "none.warc.gz").write_bytes(b"\x1f\x8b nothing of the kind")
    report = run.read([*archives, tmp_path / "none.warc.gz"], tmp_path / "out", workers=2)
    assert 14 <= report.pages <= 15
    assert any("1.warc" in fault for fault in report.faults)
    assert any("none.warc.gz" in fault for fault in report.faults)


def test_a_file_that_is_not_there_is_said_before_anything_is_read(
    archives: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(units.BadRun, match="is not there"):
        run.read([*archives, tmp_path / "gone.warc"], tmp_path / "out")
    with pytest.raises(units.BadRun, match="no engine"):
        run.read(archives, tmp_path / "out", engine="abacus")
    assert not (tmp_path / "out").exists()


def test_units_done_before_are_not_read_again(archives: list[Path], tmp_path: Path) -> None:
    planned = units.units(archives, units.Options())
    units.do(planned[0], tmp_path / "out" / ".parts")
    report = run.read(archives, tmp_path / "out", workers=1)
    assert (report.resumed, report.pages) == (1, 15)
    run.read(archives, tmp_path / "whole", workers=1)
    assert all(_tables(tmp_path / "out")[name].equals(_tables(tmp_path / "whole")[name]) for name in SCHEMAS)


def test_a_killed_run_goes_on_where_it_was(archives: list[Path], tmp_path: Path) -> None:
    code = "import sys, pathlib; from bowstreet.bulk import run; run.read([pathlib.Path(p) for p in sys.argv[2:]], pathlib.Path(sys.argv[1]), workers=1)"
    out = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", code, out, *archives], start_new_session=True)
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None and not list(out.glob(".parts/*/outcome.json")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    report = run.read(archives, out, workers=1)
    assert report.pages == 15
    assert not (out / ".parts").exists()


def test_a_process_that_dies_takes_only_its_unit_with_it(
    archives: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resource limit kills the process that reads the archive which swells; the others are read."""
    code = """
import os, sys, pathlib
from bowstreet.bulk import unit
plain = unit.facts
def facts(paths, *rest):
    if any('1.warc' in str(path) for path in paths): os._exit(9)
    return plain(paths, *rest)
unit.facts = facts
"""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{Path(__file__).parents[2]}")
    report = run.read(archives, tmp_path / "out", workers=2)
    assert report.pages == 10
    assert report.faults == (f"{archives[1]}: reading it ended the process; it was skipped",)


def test_saved_pages_of_a_folder_are_read_together(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.html").write_text(_page(number))
    assert [len(one.paths) for one in units.units([folder], units.Options())] == [3]
    shutil.rmtree(folder)

"""One body of 300 MB: kept to its last byte, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from large import __file__ as program

from bowstreet.evidence.warc import records

MEGABYTES = 300
MOST_KILOBYTES = 200_000


@contextmanager
def site() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The site, in a process of its own: its address, and what it says it has sent."""
    serving = subprocess.Popen(
        [sys.executable, program, "serve", str(MEGABYTES)], stdout=subprocess.PIPE, text=True
    )
    assert serving.stdout is not None
    try:
        yield serving.stdout.readline().strip(), serving
    finally:
        serving.kill()
        serving.communicate()


@pytest.mark.browser
@pytest.mark.timeout(900)
def test_a_body_of_three_hundred_megabytes_is_kept_exactly_in_two_hundred_megabytes_of_memory(
    tmp_path: Path,
) -> None:
    with site() as (url, serving):
        assert serving.stdout is not None
        words = [sys.executable, program, "capture", url, str(tmp_path)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        sent = serving.stdout.readline().strip()
    assert told["cut_off"] == []
    assert told["title"] == "Read to its end"
    assert told["matched"] == told["seen"] >= 2
    # Our own two processes together, pages of mapped files and shared libraries among them; the browser's are not ours.
    assert 0 < told["relay"] < told["peak"]
    assert told["peak"] + told["relay"] <= MOST_KILOBYTES, told
    with zipfile.ZipFile(next(tmp_path.glob(f"objects/*/{told['sha256']}"))) as pack:
        warc = pack.extract("archive/data.warc.gz", tmp_path)
    digests = {
        one.url: dict(one.headers)["WARC-Block-Digest"]
        for one in records(Path(warc))
        if one.kind == "response"
    }
    assert digests[f"{url}body"] == f"sha256:{sent}"

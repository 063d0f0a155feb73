"""Commands that visit two pages at once: the site answers neither before both have been asked for."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import crawled
import pytest
from installation import Installation

pytestmark = pytest.mark.browser


@pytest.mark.timeout(600)
def test_captures_and_the_worker_visit_two_pages_at_once_where_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOWSTREET_VISIT_LOAD_SECONDS", "200")
    monkeypatch.setenv("BOWSTREET_VISIT_VISIT_SECONDS", "300")
    place, meetings = Installation(tmp_path), [threading.Barrier(2), threading.Barrier(2)]
    by = ("--operation", "OP-0001", "--as", "alice")
    with crawled.serve({path: [crawled.page()] for path in ("/a", "/b", "/c", "/d")}) as site:
        site.waits = dict(zip(("/a", "/b", "/c", "/d"), (meetings[0],) * 2 + (meetings[1],) * 2, strict=True))
        place.run(
            "operation", "open", "--name", "Tabs", "--purpose", "detection", "--rationale", "A site of our own", "--site",
            site.host, "--test-range", "127.0.0.0/8", "--as", "alice",
        )  # fmt: skip
        urls = [f"{site.url}{path}" for path in "abb"]
        told = place.run("capture", *urls, "--tabs", "2", "--json", *by).splitlines()
        assert [json.loads(line)["url"] for line in told] == urls[:2]
        for path in "cd":  # two crawls, whose sites are one, at no pace
            place.run("crawl", f"{site.url}{path}", "--scope", "page", "--rate", "0", "--later", *by)
        place.run("work", "--once", "--tabs", "2")
    assert not any(meeting.broken for meeting in meetings)
    assert [path for path in site.paths if path != "/robots.txt"] in (
        [*first, *then] for first in (["/a", "/b"], ["/b", "/a"]) for then in (["/c", "/d"], ["/d", "/c"])
    )
    rows = place.rows("select seen, matched, exchanges from captures_capture")
    assert len(rows) == 4 + site.paths.count("/robots.txt")
    assert all(seen == matched == exchanges for seen, matched, exchanges in rows)
    assert place.rows("select distinct state from crawls_crawl") == [("done",)]

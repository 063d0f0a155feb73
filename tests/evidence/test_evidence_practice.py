"""A page of the practice market is captured for real, and that very archive is opened and checked by other people's programs."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import bagit
import pytest
from bags import exhibit, run_readme
from playwright.sync_api import Frame, expect
from replaying import fetch, need_replay, offline, pywb, replayed, serving, viewer

import market
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import visit
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import verify

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Practice:
    """The sealed capture of the market's first page, in an exhibit; and what the market itself answered."""

    url: str
    bag: Path
    bodies: dict[str, bytes]  # of the page and its pictures, by address

    @property
    def wacz(self) -> Path:
        return self.bag / "data" / "ABC-1.wacz"

    @property
    def pictures(self) -> list[str]:
        return [url for url in self.bodies if url != self.url]


def asked(url: str) -> bytes:
    at = urlsplit(url)
    connection = HTTPConnection(at.netloc, timeout=30)
    connection.request("GET", at.path)
    return connection.getresponse().read()


@pytest.fixture(scope="module")
def practice(
    place: Path, key: SigningKey, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Practice:
    now = datetime.now(UTC)
    with market.serve() as running:
        url = running.url
        page = asked(url)
        found = re.findall(r'<img[^>]+src="(/[^"]+)"', page.decode())
        bodies = {url: page} | {url.rstrip("/") + path: asked(url.rstrip("/") + path) for path in found}
        permit = Permit(
            reference="P", operation="OP-1", authority="OP-1/1", officer="alice", purpose="detection",
            sites=(urlsplit(url).netloc,), techniques=("visit",), starts=now - timedelta(hours=1),
            ends=now + timedelta(hours=1), issued=now, test_ranges=("127.0.0.0/8",),
        )  # fmt: skip
        made = visit(permit, url, folder=tmp_path_factory.mktemp("practice"), now=lambda: datetime.now(UTC))
    assert made.matched == made.seen > len(bodies) > 5
    return Practice(url, exhibit(place, "practice", made.wacz, key, [authority]), bodies)


def pictures_shown(frame: Frame) -> list[int]:
    """The width of every picture of a page, once all have come."""
    frame.wait_for_function("() => document.images.length && [...document.images].every(i => i.complete)")
    widths: list[int] = frame.evaluate("() => [...document.images].map(i => i.naturalWidth)")
    return widths


def keys(index: str) -> set[str]:
    """The keys of an index. Another indexer drops the last slash of what is no web address."""
    return {line.split(" ")[0].rstrip("/") for line in index.splitlines()}


def test_pywb_gives_back_the_page_and_its_pictures_byte_for_byte_and_a_browser_shows_them(
    practice: Practice, peers: Path, tmp_path: Path
) -> None:
    with pywb(peers, tmp_path, practice.wacz) as port:
        for url, body in practice.bodies.items():
            assert fetch(port, f"/shop/2id_/{url}") == (200, body), url
        with offline() as browser:
            page, missing = browser.new_page(), []
            page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
            page.goto(f"http://localhost:{port}/shop/2/{practice.url}")
            page.wait_for_function(
                f"() => [...document.querySelectorAll('iframe')].some(f => f.src.includes('{practice.url}'))"
            )
            shown = next(frame for frame in page.frames if f"mp_/{practice.url}" in frame.url)
            expect(shown.locator("h1")).to_have_text("All offers", timeout=60_000)
            assert set(pictures_shown(shown)) == {240}
            assert [
                url for url in missing if practice.url in url
            ] == []  # pywb's own pages are not ours to judge


def test_replayweb_page_shows_the_page_and_its_pictures_offline(practice: Practice) -> None:
    need_replay()
    with serving(viewer(practice.wacz, practice.url)) as port, offline() as browser:
        shown = replayed(browser.new_page(), port, practice.url)
        assert shown.inner_text("h1") == "All offers"
        assert set(pictures_shown(shown)) == {240}


def test_other_peoples_checkers_accept_it(
    practice: Practice, peers: Path, key: SigningKey, authority: Authority, tmp_path: Path
) -> None:
    with zipfile.ZipFile(practice.wacz) as archive:
        warc = archive.extract("archive/data.warc.gz", tmp_path)
        indexed = keys(archive.read("indexes/index.cdx").decode())
    said = {}
    for command in (
        [peers / "wacz", "validate", "-f", practice.wacz],
        [peers / "warcio", "check", "-v", warc],
        [peers / "cdxj-indexer", "-p", "-s", warc],
    ):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        said[command[0].name] = done.stdout
    assert keys(said["cdxj-indexer"]) == indexed
    bagit.Bag(str(practice.bag)).validate()
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(
            ["sha256sum", "-c", "--strict", name], cwd=practice.bag, check=True, capture_output=True
        )
    _, printed = run_readme(
        practice.bag, tmp_path / "bag"
    )  # openssl dgst -verify and openssl ts -verify among them
    assert "Verified OK" in printed
    assert printed.count("Verification: OK") == 1
    assert verify(practice.bag, trust=Trust.of(key, (authority,))).ok

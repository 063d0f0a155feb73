"""Other people's programs read what we write: the index, and replay, a posted form included."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

from packs import PAGE, SITE
from replaying import fetch, pywb

from bowstreet.evidence.cdxj import parse, surt

URLS = [
    "http://127.0.0.1:8080/",
    "https://www.Example.com:443/A/B/?b=2&a=1&",
    "http://www2.shop.example/x//y/../z/?PHPSESSID=0123456789abcdef0123456789abcdef",
    "http://a.example/%7Efoo/%e2%82%ac?q=%20A+b",
    "http://a.example?",
    "http://user:pw@a.example/x",
    "http://a.example/é?x=é",
    "http://bücher.example/path/",
    "http://a.example/a/./b/..",
    "http://a.example:8080",
    "http://a.example/?b&a=&a",
    "https://a.example:80/%25%32%30",
    "http://a.example/x#frag",
]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_index_keys_are_those_of_another_implementation(peers: Path) -> None:
    code = "import sys\nfrom surt import surt\nfor url in sys.argv[1:]: print(surt(url))"
    theirs = run(peers / "python", "-W", "ignore", "-c", code, *URLS).splitlines()
    assert [surt(url) for url in URLS] == theirs


def test_another_indexer_finds_the_same_captures_at_the_same_places(
    peers: Path, unsigned: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(unsigned) as archive:
        warc = archive.extract("archive/data.warc.gz", tmp_path)
        ours = [parse(line) for line in archive.read("indexes/index.cdx").decode().splitlines()]
    theirs = [parse(line) for line in run(peers / "cdxj-indexer", "-p", "-s", warc).splitlines()]

    def said(lines: list) -> set[tuple[str, ...]]:  # type: ignore[type-arg]
        return {
            (x.key.rstrip("/"), x.time[:14], x.fields["offset"], x.fields["length"], x.fields["url"])
            for x in lines
        }

    assert said(ours) == said(theirs)


def test_pywb_replays_the_page_the_image_and_the_answer_to_a_post(
    peers: Path, unsigned: Path, tmp_path: Path
) -> None:
    with pywb(peers, tmp_path, unsigned) as port:
        assert fetch(port, f"/shop/20261124101500id_/{SITE}") == (200, PAGE)
        status, _ = fetch(port, f"/shop/20261124101500id_/{SITE}a.png")
        assert status == 200
        posted = fetch(
            port, f"/shop/20261124101500id_/{SITE}api", "POST", b'{"q":"lamp","page":1}', "application/json"
        )
        assert posted == (200, b'{"ok": true}')

"""Pages with their truth, real and synthetic, as the readers see them; real ones from the folder that BOWSTREET_DATA names."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from families import FAMILIES
from markets import Site

DATA = Path(os.environ.get("BOWSTREET_DATA", "../shared/data"))
MSC = DATA / "msc-darkweb-html"
CYPHER = DATA / "ht-weng-markets/data/cypher-market"
SHOPS = DATA / "product-extraction-benchmark/dataset"
HOSTS = {
    "empire": "http://empire.onion/",
    "cryptonia": "http://cryptonia.onion/",
    "cypher": "http://cypher.onion/",
}
KINDS = {"listings": "listing", "search_results": "results", "users": "seller", "feedback": "feedback", "login_page": "login",
         "ddos": "challenge", "custom_server_errors": "missing", "pgp": "other", "meta_refresh": "other", ".": "other"}  # fmt: skip


@dataclass
class Sample:
    """A page, the site it is of, its kind and its truth."""

    site: str
    kind: str
    url: str
    body: bytes
    truth: dict[str, Any] = field(default_factory=dict)
    name: str = ""


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (MSC / "gold" / name).read_text().splitlines()]


def markets() -> Iterator[Sample]:
    """Every page of the two markets whose pages are kept by kind, truth where there is some."""
    listings = {row["page"]: row for row in _lines("listing_gold_dev.jsonl")}
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _lines("results_gold_dev.jsonl"):
        rows[row["page"]].append(row | {"price": [row["price"]]})
    for path in sorted(MSC.glob("tests/*/html_files/**/*")):
        if not path.is_file():
            continue
        name = str(path.relative_to(MSC))
        market, folder = path.relative_to(MSC / "tests").parts[0], path.relative_to(MSC / "tests").parts[2:-1]
        kind = KINDS["/".join(folder) or "."]
        kind = "results" if "category_index" in name else kind  # 25 products under one heading
        truth: dict[str, Any] = {}
        if gold := listings.get(name):
            truth = {"title": gold["title"], "seller": gold["seller"], "price": [gold["price"]], "category": gold.get("category_path"),
                     "ships_from": gold.get("ships_from"), "ships_to": gold.get("ships_to"), "currency": gold.get("currency")}  # fmt: skip
        elif name in rows:
            truth = {"rows": rows[name]}
        yield Sample(market, kind, HOSTS[market] + "page", path.read_bytes(), truth, name)


def cypher(most: int = 32) -> Iterator[Sample]:
    """Result pages of the third market. Prices come from the page itself (`cypher_truth`), for the CSV mislabels them."""
    sold = {}
    with next((CYPHER / "page-scrapes").iterdir()).open(
        newline="", encoding="utf-8", errors="replace"
    ) as file:
        for row in csv.DictReader(file):
            sold[row["Product URL"].partition(".onion")[2]] = row
    pages = sorted(next((CYPHER / "page-downloads").iterdir()).iterdir())
    for path in pages[:: max(1, len(pages) // most)][:most]:
        body = path.read_bytes()
        yield Sample(
            "cypher",
            "results" if body.strip() else "other",
            HOSTS["cypher"] + "page",
            body,
            {"rows": _cypher_rows(body, sold)},
            path.name,
        )


def _cypher_rows(body: bytes, sold: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    from selectolax.lexbor import LexborHTMLParser

    rows = []
    for card in LexborHTMLParser(body).css("div.card"):
        link, seller, price = (
            card.css_first("a:has(h4)"),
            card.css_first("a[href*='/vendor/']"),
            card.css_first("p.card-subtitle strong"),
        )
        if link is None or seller is None or price is None:
            continue
        url = (link.attributes["href"] or "").partition(".onion")[2]
        rows.append(
            {
                "url": url,
                "title": link.text().strip(),
                "seller": seller.text().strip(),
                "price": [float(price.text().split()[0].replace(",", ""))],
            }
        )
    return rows


def shops() -> Iterator[Sample]:
    """The shop pages."""
    truth = json.loads((SHOPS / "ground-truth.json").read_text())
    for name, gold in truth.items():
        path = SHOPS / "html" / f"{name}.html.gz"
        host = gold["url"].split("/")[2].split(".")
        site = ".".join(host[-3:] if host[-2] in ("co", "com") and len(host) > 2 else host[-2:])
        yield Sample(
            site,
            "listing",
            gold["url"],
            gzip.decompress(path.read_bytes()),
            {"price": [float(p) for p in gold.get("price") or []], "gold": gold},
            name,
        )


def synthetic(first: int, last: int) -> Iterator[Sample]:
    """Pages of made-up markets."""
    for seed in range(first, last):
        for page in Site(seed).pages():
            yield Sample(page.site, page.kind, page.url, page.html.encode(), page.truth, f"{seed}")


def family(name: str, seed: int, *, address: bool = True) -> list[Sample]:
    """Pages of one market of a family of layouts; without their addresses where a capture would not have them."""
    made = next(one for one in FAMILIES if one.name == name)(seed).pages()
    return [
        Sample(p.site, p.kind, p.url if address else f"http://{p.site}/page", p.html.encode(), p.truth, f"{name}{seed}")
        for p in made
    ]  # fmt: skip

"""Titles of three markets with the seller's own category, mapped to the taxonomy. Reads BOWSTREET_DATA; keeps nothing.

goods_read.json holds the first levels given to titles of the largest market after reading them, by the number of
the title here, and no text: "drawn" at random from what is not plainly a drug (calibration goes by these), "doubted" where the
model was unsure or did not believe the seller.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

csv.field_size_limit(1 << 30)

_DRUGS = {
    "Benzos": "benzodiazepines", "Cannabis & Hashish": "cannabis", "Dissociatives": "dissociatives", "Ecstasy": "ecstasy",
    "Opioids": "opioids", "Other": "other", "Paraphernalia": "paraphernalia", "Psychedelics": "psychedelics",
    "Steroids": "steroids", "Stimulants": "stimulants",
}  # fmt: skip
_ALPHABAY = {
    "Carded Items": "fraud/carded-goods", "Jewels & Gold": "counterfeit/jewels", "Other Listings": "other",
    "Security & Hosting": "services/hosting",
    "Prescription": "medicines/prescription", "Weight Loss": "medicines/weight-loss",
    "Counterfeit Items/Clothing": "counterfeit/clothing", "Counterfeit Items/Electronics": "counterfeit/electronics",
    "Counterfeit Items/Fake IDs": "documents/identity", "Counterfeit Items/Jewelry": "counterfeit/jewellery",
    "Counterfeit Items/Money": "counterfeit/money", "Counterfeit Items/Other": "counterfeit/other",
    "Digital Products/E-Books": "digital/ebooks", "Digital Products/Fraud Software": "fraud/software",
    "Digital Products/Game Keys": "digital/game-keys", "Digital Products/Legit Software": "digital/software",
    "Digital Products/Other": "digital/other",
    "Fraud/Accounts & Bank Drops": "stolen-data/accounts", "Fraud/CVV & Cards": "stolen-data/cards",
    "Fraud/Dumps": "stolen-data/dumps", "Fraud/Other": "fraud/other",
    "Fraud/Personal Information & Scans": "stolen-data/personal",
    "Guides & Tutorials/Drugs": "guides/drugs", "Guides & Tutorials/Fraud": "guides/fraud",
    "Guides & Tutorials/Hacking": "guides/hacking", "Guides & Tutorials/Other": "guides/other",
    "Guides & Tutorials/Security & Anonymity": "guides/security",
    "Guides & Tutorials/Social Engineering": "guides/social-engineering",
    "Services/Carding": "fraud/services", "Services/Other": "services/other",
    "Services/Social Engineering": "services/social-engineering",
    "Software & Malware/Botnets & Malware": "malware/botnets", "Software & Malware/Exploit Kits": "malware/exploits",
    "Software & Malware/Exploits": "malware/exploits", "Software & Malware/Other": "malware/other",
    "Software & Malware/Security Software": "malware/security-software",
    "Weapons/Ammunition": "weapons/ammunition", "Weapons/Explosives": "weapons/explosives",
    "Weapons/Hand Weapons": "weapons/offensive", "Weapons/Long-Range Guns": "weapons/firearms",
    "Weapons/Other": "weapons/other", "Weapons/Pistols": "weapons/firearms",
}  # fmt: skip
_AGORA = {
    "Drugs/Benzos": "drugs/benzodiazepines", "Drugs/Cannabis": "drugs/cannabis", "Drugs/Disassociatives": "drugs/dissociatives",
    "Drugs/Dissociatives": "drugs/dissociatives", "Drugs/Ecstasy": "drugs/ecstasy", "Drugs/Ecstasy-MDMA": "drugs/ecstasy",
    "Drugs/Methylone": "drugs/ecstasy", "Drugs/Opioids": "drugs/opioids", "Drugs/Other": "drugs/other",
    "Drugs/Prescription": "medicines/prescription", "Drugs/Psychedelics": "drugs/psychedelics", "Drugs/RCs": "drugs/other",
    "Drugs/Steroids": "drugs/steroids", "Drugs/Stimulants": "drugs/stimulants", "Drugs/Weight loss": "medicines/weight-loss",
    "Counterfeits/Accessories": "counterfeit/clothing", "Counterfeits/Clothing": "counterfeit/clothing",
    "Counterfeits/Electronics": "counterfeit/electronics", "Counterfeits/Money": "counterfeit/money",
    "Counterfeits/Watches": "counterfeit/jewellery", "Data/Accounts": "stolen-data/accounts", "Data/Pirated": "digital/other",
    "Data/Software": "digital/software", "Information/eBooks": "digital/ebooks", "Services/Hacking": "services/hacking",
    "Services/Money": "services/money", "Services/Other": "services/other", "Tobacco/Smoked": "tobacco",
    "Weapons/Ammunition": "weapons/ammunition", "Weapons/Fireworks": "weapons/explosives",
    "Weapons/Lethal firearms": "weapons/firearms", "Weapons/Melee": "weapons/offensive",
    "Weapons/Non-lethal firearms": "weapons/other",
}  # fmt: skip
_CYPHER = {
    "Cannabis & Hashish": "cannabis", "Buds & Flowers": "cannabis", "Cannabis Concentrates": "cannabis", "Hash": "cannabis",
    "Edibles": "cannabis", "Seeds": "cannabis", "Cocaine": "stimulants", "Crack": "stimulants", "Stimulants": "stimulants",
    "Adderal & Vyvanse": "stimulants", "Speed": "stimulants", "Meth": "stimulants", "2-FA": "stimulants", "Opiates": "opioids",
    "Opiate pills": "opioids", "Heroin": "opioids", "Opiate substitutes": "opioids", "Mdma": "ecstasy", "Ecstacy": "ecstasy",
    "Xtc pills": "ecstasy", "Methylone & BK": "ecstasy", "Benzodiazepines": "benzodiazepines", "Ketamine": "dissociatives",
    "Dissasociatives": "dissociatives", "LSD": "psychedelics", "2-CB": "psychedelics", "Mushrooms": "psychedelics",
    "DMT": "psychedelics", "Psychedelics": "psychedelics", "GHB": "ghb", "Steroids": "steroids",
}  # fmt: skip
_CYPHER_OTHER = {
    "Prescriptions": "medicines/prescription", "Tobacco": "tobacco", "Money": "counterfeit/money",
    "ID's": "documents/identity", "Botnets & Malware": "malware/botnets",
}  # fmt: skip
#: What a market's own first level means in the larger market's categories, where no label of the taxonomy is plain.
_AGORA_TOP = {"Forgeries": "Counterfeit Items", "Jewelry": "Jewels & Gold", "Listings": "Other Listings"}
_CYPHER_TOP = {
    "Guides & Tutorials": "Guides & Tutorials", "Digital Goods": "Digital Products", "Software": "Digital Products",
    "Software & Malware": "Software & Malware", "Counterfeits": "Counterfeit Items", "Fraud": "Fraud", "Carding": "Fraud",
    "Hacking": "Software & Malware", "License keys": "Digital Products", "Drugs": "Drugs & Chemicals",
    "Pressed Pills": "Drugs & Chemicals",
}  # fmt: skip


@dataclass(frozen=True)
class Title:
    """One listing's title. `label` is None where the seller's category says only the coarse `category`."""

    text: str
    vendor: str
    label: str | None
    category: str
    read: str | None = None  # the first level given by a reader
    drawn: bool = False  # read because it was drawn at random
    invented: bool = False  # no seller wrote it


def folder() -> Path:
    """The folder of public data."""
    named = os.environ.get("BOWSTREET_DATA")
    if not named:
        raise SystemExit("name the folder of public data in BOWSTREET_DATA")
    return Path(named)


def alphabay() -> list[Title]:
    """One row per title and vendor."""
    found: dict[tuple[str, str], Title] = {}
    for path in sorted((folder() / "alphabay-2017/data").glob("*.csv")):
        for row in _rows(path):
            category, sub = row["category_link"], row["subcategory_link"]
            text, vendor = row["listing_title"].strip(), row["listing_vendor"].strip()
            if not category or not text:
                continue
            if "cannabis_-_synthetic" in path.name:
                label = "drugs/synthetic-cannabinoids"
            elif category == "Drugs & Chemicals" and sub in _DRUGS:
                label = f"drugs/{_DRUGS[sub]}"
            else:
                label = _ALPHABAY.get(f"{category}/{sub}") or _ALPHABAY.get(category) or _ALPHABAY[sub]
            found[text, vendor] = Title(text, vendor, label, category)
    return _with_what_was_read(list(found.values()))


def _with_what_was_read(titles: list[Title]) -> list[Title]:
    parts = json.loads(Path(__file__).with_name("goods_read.json").read_text("utf-8"))
    for part, tops in parts.items():
        for top, numbers in tops.items():
            for number in numbers:
                titles[number] = replace(titles[number], read=top, drawn=part == "drawn")
    return titles


def agora() -> list[Title]:
    """January and February 2014, each title of a vendor once."""
    found: dict[tuple[str, str], Title] = {}
    for day in ("01-01", "02-01", "02-02"):
        for row in _rows(folder() / f"agora-2014/products-2014-{day}.csv"):
            top, sub, third = row["cat"], row["subcat"], row["subsubcat"]
            label = _AGORA.get(f"{top}/{sub}")
            label = {
                "Synthetics": "drugs/synthetic-cannabinoids",
                "GHB": "drugs/ghb",
                "GBL": "drugs/ghb",
            }.get(third, label)
            label = {"Forgeries": "documents/identity", "Drug paraphernalia": "drugs/paraphernalia"}.get(
                top, label
            )
            if top == "Information" and sub == "Guides":
                category = "Guides & Tutorials"
            else:
                category = _AGORA_TOP.get(top) or _category(label)
            if row["product"].strip() and category:
                text, vendor = row["product"].strip(), row["vendor"].strip()
                found[text, vendor] = Title(text, vendor, label, category)
    return list(found.values())


def cypher() -> list[Title]:
    """September 2020."""
    found: dict[tuple[str, str], Title] = {}
    for path in sorted((folder() / "ht-weng-markets/data/cypher-market/page-scrapes").rglob("*.csv")):
        for row in _rows(path):
            told = row["Category"]
            label = f"drugs/{_CYPHER[told]}" if told in _CYPHER else _CYPHER_OTHER.get(told)
            category = _CYPHER_TOP.get(told) or _category(label)
            text, vendor = row["Product"].strip(), row["Vendor"].strip()
            if text and category:
                found[text, vendor] = Title(text, vendor, label, category)
    return list(found.values())


def _category(label: str | None) -> str:
    from bowstreet.reading.goods.taxonomy import by_label

    return by_label()[label].alphabay if label else ""


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: value or "" for key, value in row.items() if key}

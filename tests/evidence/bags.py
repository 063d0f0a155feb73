"""Exhibit bags made as casework makes them, and the commands that their README shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from authority import ask

from bowstreet.evidence.commitment import leaf, new_salt
from bowstreet.evidence.exhibit import Item, LedgerEntry, make_bag
from bowstreet.evidence.ledger import Ledger
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority

AT = datetime.now(UTC)


def exhibit(place: Path, name: str, unsigned: Path, key: SigningKey, authorities: list[Authority]) -> Path:
    sealed = seal(unsigned, place / f"{name}.wacz", key=key, at=AT, authorities=authorities, ask=ask)
    ledger, salt = Ledger(place / f"{name}-ledger"), new_salt()
    event = {"act": "collection", "object": f"sha256:{sealed.sha256}", "officer": "A. Example"}
    ledger.extend(leaf({"act": "other", "n": n}, new_salt()) for n in range(20))
    index = ledger.append(leaf(event, salt))
    proof = ledger.tlog_proof(index, ledger.checkpoint(key, at=AT))
    return make_bag(
        place / name,
        items=[Item(sealed.path, "ABC-1.wacz")],
        entries=[LedgerEntry("collection", event, salt, proof)],
        key=key,
        at=AT,
        authorities=authorities,
        info={"Source-Organization": "Example Police", "External-Identifier": "ABC/1"},
    )


def run_readme(bag: Path, copy: Path) -> tuple[str, str]:
    """Run every command that the README shows, in order, in a copy; the README, and all that they print."""
    shutil.copytree(bag, copy)
    text = (copy / "README.txt").read_text()
    said = ""
    for command in re.findall(r"^   ((?:sha256sum|openssl|unzip|cat) .*)$", text, re.MULTILINE):
        done = subprocess.run(["sh", "-ec", command], cwd=copy, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        said += f"$ {command}\n{done.stdout}{done.stderr}\n"
    return text, said

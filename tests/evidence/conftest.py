"""Keys, authorities and captures that the evidence tests share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from authority import Issuer, certify, issuer, make_authority, serve
from packs import build

from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority

PEERS = Path(__file__).parents[2] / ".venv-peers" / "bin"


@pytest.fixture(scope="session")
def peers() -> Path:
    """The folder of other people's checkers."""
    if not (PEERS / "wacz").exists():
        pytest.skip("other people's checkers are not installed in .venv-peers")
    return PEERS


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="session")
def key(place: Path) -> SigningKey:
    """An installation's keys, without a certificate."""
    return SigningKey.load_or_make(place / "keys")


@pytest.fixture(scope="session")
def domain_ca() -> Issuer:
    return issuer("Example domain CA")


@pytest.fixture(scope="session")
def domain_key(place: Path, domain_ca: Issuer) -> SigningKey:
    """An installation's keys, with a certificate for its domain."""
    certify(place / "domain-keys", domain_ca, "evidence.example")
    return SigningKey.load_or_make(place / "domain-keys")


@pytest.fixture(scope="session")
def authority(place: Path) -> Iterator[Authority]:
    """A time-stamping authority that answers."""
    ca = make_authority(place / "tsa-one", "Example TSA One")
    with serve(place / "tsa-one") as url:
        yield Authority("one", url, ca.pem)


@pytest.fixture(scope="session")
def second(place: Path) -> Iterator[Authority]:
    """A further authority, with a root of its own."""
    ca = make_authority(place / "tsa-two", "Example TSA Two")
    with serve(place / "tsa-two") as url:
        yield Authority("two", url, ca.pem)


@pytest.fixture(scope="session")
def dead() -> Authority:
    """An authority whose server is not there."""
    return Authority("dead", "http://127.0.0.1:9/", issuer("Dead root").pem)


@pytest.fixture(scope="session")
def unsigned(place: Path) -> Path:
    return build(place / "work", place / "unsigned.wacz")

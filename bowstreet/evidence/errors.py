"""What can go wrong with evidence. Every message says what is wrong, where, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager


class EvidenceError(Exception):
    """Root of the errors of this part."""


class BadArchive(EvidenceError):
    """An archive that cannot be read as what it claims to be. `offset` counts bytes from the file's start."""

    def __init__(self, message: str, *, offset: int | None = None) -> None:
        self.offset = offset
        super().__init__(message if offset is None else f"at byte {offset}: {message}")


class BadKey(EvidenceError):
    """A key, certificate or trust file that cannot be used."""


class BadStamp(EvidenceError):
    """A time-stamp token that does not prove what it is offered for."""


class BadLedger(EvidenceError):
    """A ledger, checkpoint or proof that cannot be read or does not hold."""


class NotFound(EvidenceError):
    """A stored object that is not there."""


@contextmanager
def native(kind: type[EvidenceError], what: str) -> Iterator[None]:
    """Whatever a native parser throws at hostile bytes becomes `kind`; an interrupt stays one."""
    try:
        yield
    except (EvidenceError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic in native code is not an Exception
        raise kind(f"{what}: {_plain(str(error))}") from None


def _plain(text: str) -> str:
    """The cause alone, out of what the native libraries say."""
    if "ASN.1 pars" in text or "parsing error" in text:
        return "it is not well-formed"
    causes = re.findall(r'data: "Verify error: ([^"]*)"', text) or re.findall(r'reason: "([^"]*)"', text)
    return causes[0] if causes else text[:200]

"""What can go wrong with evidence. Every message says what is wrong, where, and what to do about it."""

from __future__ import annotations


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

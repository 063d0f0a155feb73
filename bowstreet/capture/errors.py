"""What can go wrong in a capture. Every message says what happened and what to do."""

from __future__ import annotations


class CaptureError(Exception):
    """Root of the errors of this part."""


class BadAddress(CaptureError):
    """Not an address that a browser could visit."""


class PermitRefused(CaptureError):
    """The permit does not cover this visit: outside its sites, its time or its techniques."""


class OutOfScope(PermitRefused):
    """An authority is in force, and the address is outside its sites."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(why)
        self.url = url


class EgressRefused(CaptureError):
    """The network rules forbid the address: private, loopback, link-local, metadata …"""


class BadTLS(CaptureError):
    """The site's certificate is not good, and the operation's written choice is to refuse."""


class Unreachable(CaptureError):
    """Nothing answered."""


class NoWayOut(CaptureError):
    """The chosen egress (Tor) does not answer. Nothing went out another way."""


class BrowserFailed(CaptureError):
    """The browser, its display or the relay could not be started, or died."""


class NoRoom(CaptureError):
    """The disk is full, or a file may not grow further. Nothing of this capture was kept."""


class BadAuthority(CaptureError):
    """A setting that names a time-stamping authority cannot be used."""


class BadLogin(CaptureError):
    """A login file that is none, or is not of an account of open registration."""


class BadTape(CaptureError):
    """A recording that cannot be decrypted or parsed as what it claims to be."""

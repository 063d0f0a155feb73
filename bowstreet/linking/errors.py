"""What can go wrong in linking."""

from __future__ import annotations


class LinkingError(Exception):
    """Root of the errors of this part."""


class BadAccounts(LinkingError):
    """A file of accounts that is not as it should be. The message names the file and the line."""


class BadDecisions(LinkingError):
    """A file of decisions that is not as it should be, or too few of them. The message says what to do."""

"""What can go wrong with operations."""

from __future__ import annotations


class OperationError(Exception):
    """Root of the errors of this part."""


class NotFound(OperationError):
    """There is no such operation for this officer: it does not exist, or they are not on it. Which, is not said."""


class BadOperation(OperationError):
    """An operation or authority that cannot be opened as asked. The message says what to mend."""

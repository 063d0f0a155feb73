"""What can go wrong with operations."""

from __future__ import annotations

from django.http import Http404


class OperationError(Exception):
    """Root of the errors of this part."""


class NotFound(OperationError, Http404):
    """There is no such thing for this officer: it does not exist, or they are not on it. Which, is not said.

    A view need not catch it: the web face answers 404.
    """


class BadOperation(OperationError):
    """What cannot be done to an operation as asked. The message says what to mend, `field` where it was given."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field

"""What can go wrong in reading. A broken page is reported and passed over, never fatal."""

from __future__ import annotations


class ReadingError(Exception):
    """Root of the errors of this part."""

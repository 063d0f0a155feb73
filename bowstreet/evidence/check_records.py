"""Verification of what a WACZ holds: every record of every WARC file, by two processes where a file is large."""

from __future__ import annotations

from bowstreet.evidence.check_stream import Contents, check_stream
from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.halves import check_in_halves
from bowstreet.evidence.pack import Pack


def check_records(pack: Pack) -> Contents:
    """Read every record of every WARC file; BadArchive at the first that is not what its header says."""
    contents = Contents()
    for name in pack.warcs():
        found = check_in_halves(pack, name)
        if found is not None:
            contents = contents.joined(found)
            continue
        start, size = pack.span(name)
        with pack.path.open("rb") as file:
            try:
                check_stream(name, file, start, size, contents)
            except BadArchive as error:
                raise error if name in str(error) else BadArchive(f"{name}, {error}") from None
    if not contents.places:
        raise BadArchive("there is no record in the archive")
    return contents

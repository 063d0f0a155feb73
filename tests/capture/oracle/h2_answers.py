"""What each path answers over HTTP/2."""

from __future__ import annotations

import gzip
import random

from oracle.answers import TEXT
from oracle.http2 import Asked, Reply
from oracle.record import Headers

LARGE = random.Random(7).randbytes(1_500_000)
OK: Headers = [(b":status", b"200"), (b"access-control-allow-origin", b"*"), (b"content-type", b"text/plain")]


def answer(asked: Asked) -> Reply:
    """By path; anything else is a short text."""
    path = asked.header(b":path").partition(b"?")[0]
    method = asked.header(b":method")
    if method == b"OPTIONS":
        allow = [(b"access-control-allow-methods", b"*"), (b"access-control-allow-headers", b"*")]
        return Reply([(b":status", b"204"), *OK[1:2], *allow])
    if method == b"HEAD":
        return Reply([*OK, (b"content-length", b"99999")])
    if path == b"/echo":
        return Reply(OK, bytes(asked.body))
    return ANSWERS.get(path, Reply(OK, b"<p>" + path))


ANSWERS = {
    b"/gzip": Reply([*OK, (b"content-encoding", b"gzip")], gzip.compress(TEXT)),
    b"/large": Reply(OK, LARGE),
    b"/padded": Reply(OK, TEXT, padding=200),
    b"/trailers": Reply(OK, TEXT, trailers=[(b"x-trailer", b"one"), (b"x-trailer", b"two")]),
    b"/early": Reply(OK, b"ok", early=[(b":status", b"103"), (b"link", b"</a.css>; rel=preload")]),
    b"/odd": Reply(
        [*OK, (b"set-cookie", b"a=1"), (b"zebra", b"z"), (b"set-cookie", b"b=2; Path=/"), (b"apple", b"a"), (b"x-latin", b"caf\xe9 \xff"),
         (b"set-cookie", b"c=3; HttpOnly"), (b"x-empty", b"")], b"ok",
    ),
    b"/long-header": Reply([*OK, (b"x-long", b"ab" * 20_000)], b"ok"),
    b"/empty": Reply(OK),
    b"/reset": Reply(OK, b"r" * 30_000, then="reset"),
    b"/leave": Reply(OK, TEXT * 5, then="goaway"),
}  # fmt: skip

"""Which values of a visit must not be served: those of the login, and those that the site gave or was given by it."""

from __future__ import annotations

from collections.abc import Iterator

from bowstreet.capture.login import Login
from bowstreet.capture.mask import Secret, carried, fields
from bowstreet.capture.records import request, response, whole
from bowstreet.capture.shown import Shown
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.exchange import Exchange


def secrets_of(login: Login, connections: list[Connection], shown: Shown) -> list[Secret]:
    """Everything to be taken out of the copy that is served."""
    handle = login.account.partition("@")[0]
    found = [
        Secret("persona", "account", name.encode(), word=True) for name in (login.account, handle) if name
    ]
    found += [Secret(kind, name, value.encode()) for kind, name, value in login.secrets()]
    for connection in connections:
        for exchange in connection.exchanges:
            found += _of(connection, exchange)
    for one in shown.kept:
        heads = (
            "".join(f"{k}: {v}\r\n" for k, v in pairs).encode("latin-1", "replace")
            for pairs in (one.asked, one.headers)
        )
        told = (text.encode("latin-1", "replace") for text in (one.greeting, one.text))
        found += [
            Secret(s.kind, s.name, head[s.start : s.end]) for head in (*heads, *told) for s in carried(head)
        ]
        found += [Secret(s.kind, s.name, one.sent[s.start : s.end]) for s in fields(one.sent)]
    page = shown.dom.encode("utf-8", "replace")
    return found + [Secret(s.kind, s.name, page[s.start : s.end]) for s in fields(page)]


def _of(connection: Connection, exchange: Exchange) -> Iterator[Secret]:
    asked = whole(request(connection, exchange)) or b""
    answered = whole(response(connection, exchange)) or b"" if exchange.status is not None else b""
    for message in (asked, answered):
        head = message.partition(b"\r\n\r\n")[0]
        yield from (Secret(s.kind, s.name, head[s.start : s.end]) for s in carried(head))
    yield from (Secret(s.kind, s.name, asked[s.start : s.end]) for s in fields(asked))

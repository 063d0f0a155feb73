"""The whole site: one page, and the origins that it asks, over plain HTTP, TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.constants import KeyUpdateMessageType
from tlslite.x509 import X509

from oracle import answers, h2_answers, http1, http2
from oracle.authority import Authority, Leaf
from oracle.page import page
from oracle.record import Record


@dataclass
class Site:
    """Where it is, and what it has to say for itself."""

    url: str
    record: Record
    origins: dict[str, str] = field(default_factory=dict)


@contextmanager
def serve(authority: Authority) -> Iterator[Site]:
    """Serve all of it until closed."""
    record, leaf = Record(), authority.leaf("localhost")
    with ExitStack() as stack:

        def h1(version: ssl.TLSVersion) -> str:
            context = leaf.context(version)
            return stack.enter_context(
                http1.serve(
                    record,
                    answers.answer,
                    host="localhost",
                    wrap=lambda s: context.wrap_socket(s, server_side=True),
                )
            )

        origins = {
            "tls13": h1(ssl.TLSVersion.TLSv1_3), "tls12": h1(ssl.TLSVersion.TLSv1_2),
            "h2": stack.enter_context(http2.serve(record, h2_answers.answer, leaf.context(ssl.TLSVersion.TLSv1_3))),
            "goaway": stack.enter_context(http2.serve(record, h2_answers.answer, leaf.context(ssl.TLSVersion.TLSv1_2))),
            "update": stack.enter_context(http1.serve(record, answers.answer, host="localhost", wrap=lambda s: _Updating(s, leaf))),
        }  # fmt: skip

        released = threading.Event()

        def first(request: http1.Request) -> http1.Reply:
            if request.path == "/release":
                released.set()
            if request.path == "/hold":
                released.wait(60)
            if request.path != "/":
                return answers.answer(request)
            return http1.Reply(
                answers.plain(
                    page(http=origins["http"], **{k: v for k, v in origins.items() if k != "http"}),
                    kind=b"text/html",
                )
            )

        origins["http"] = stack.enter_context(http1.serve(record, first))
        yield Site(origins["http"] + "/", record, origins)


class _Updating:
    """TLS 1.3 (by tlslite-ng) that changes its keys twice in every answer, and asks the browser to change its own."""

    def __init__(self, sock: socket.socket, leaf: Leaf) -> None:
        chain = X509CertChain(
            [
                X509().parse(part + "-----END CERTIFICATE-----\n")
                for part in leaf.chain.read_text().split("-----END CERTIFICATE-----\n")
                if part.strip()
            ]
        )
        settings = HandshakeSettings()
        settings.minVersion = settings.maxVersion = (3, 4)
        self._tls: Any = TLSConnection(sock)
        self._tls.handshakeServer(
            certChain=chain,
            privateKey=parsePEMKey(leaf.key.read_text(), private=True),
            settings=settings,
            alpn=[bytearray(b"http/1.1")],
        )

    def recv(self, size: int) -> bytes:
        return bytes(self._tls.recv(size))

    def sendall(self, data: bytes) -> None:
        half = len(data) // 2
        for piece in (data[:half], data[half:]):
            for _ in self._tls.send_keyupdate_request(KeyUpdateMessageType.update_requested):
                pass
            self._tls.sendall(piece)

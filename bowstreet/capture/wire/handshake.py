"""What a TLS handshake says, followed message by message (RFC 8446 section 4, RFC 5246 section 7.4).

The server's signature and both Finished messages are reckoned again from the transcript. That proves the handshake; it
does not prove who wrote the content, for whoever holds the secrets could forge it. Hence captures are sealed at once.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import Enum

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire import signature
from bowstreet.capture.wire.keylog import KeyLog
from bowstreet.capture.wire.parse import chain12, chain13, extensions, uncompressed, vector
from bowstreet.capture.wire.records import SUITES, TLS13, Suite, expand, prf

CLIENT, SERVER = 0, 1
NAMES = ("client", "server")
#: The random of a ServerHello that is a HelloRetryRequest (RFC 8446 section 4.1.3).
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
MESSAGE_LIMIT = 1 << 20

HELLO, SERVER_HELLO, TICKET, EARLY_END, ENCRYPTED_EXTENSIONS, CERTIFICATE = 1, 2, 4, 5, 8, 11
KEY_EXCHANGE, VERIFY, FINISHED, STATUS, KEY_UPDATE, COMPRESSED = 12, 15, 20, 22, 24, 25
NAME, ALPN, SESSION_TICKET, PRE_SHARED_KEY, EARLY_DATA, VERSIONS = 0, 16, 35, 41, 42, 43


@dataclass
class Handshake:
    """What the handshake said. `signature` and the two `finished` are good, bad, or absent where there was none."""

    version: int | None = None
    suite: int | None = None
    random: bytes = b""  # the client's: by which a key log names the secrets of a connection
    alpn: str | None = None
    name: str | None = None  # the name the browser asked for (SNI)
    chain: list[bytes] = field(default_factory=list)  # DER, the site's own first
    signature: str | None = None
    finished: dict[str, str] = field(default_factory=dict)
    resumed: bool = False
    offered_ticket: bytes = b""
    tickets: list[bytes] = field(default_factory=list)  # by which a later connection resumes this one
    updates: int = 0
    early: str | None = None  # early data (0-RTT): offered, accepted or rejected
    alerts: list[tuple[str, int]] = field(default_factory=list)
    stapled: bytes | None = None  # OCSP response
    waiting: str | None = None

    @property
    def version_name(self) -> str | None:
        """TLS 1.2, TLS 1.3 …"""
        return None if self.version is None else f"TLS 1.{self.version - 0x0301}"

    @property
    def suite_name(self) -> str | None:
        """The cipher suite's IANA name, or its number."""
        if self.suite is None:
            return None
        return SUITES[self.suite].name if self.suite in SUITES else f"0x{self.suite:04x}"


class Effect(Enum):
    """What a message means for the keys of the side that sent it, in TLS 1.3."""

    NONE = 0
    EARLY_END = 1
    FINISHED = 2
    UPDATE = 3


_EFFECTS = {EARLY_END: Effect.EARLY_END, FINISHED: Effect.FINISHED, KEY_UPDATE: Effect.UPDATE}


class Dialogue:
    """Takes in each handshake message in its order."""

    def __init__(self, keys: KeyLog) -> None:
        self.facts = Handshake()
        self.randoms = [b"", b""]
        self.retried = False  # the next thing the client says in clear is a second ClientHello
        self._keys = keys
        self._transcript: list[bytes] = []
        self._session = b""

    @property
    def suite(self) -> Suite:
        """The suite that was chosen. Raises BadTape where it is one that we cannot open."""
        if self.facts.suite not in SUITES:
            raise BadTape(f"the cipher suite {self.facts.suite_name} is not one we can open")
        return SUITES[self.facts.suite]

    @property
    def master(self) -> bytes:
        """The master secret of TLS 1.2. Raises Wait."""
        return self._keys.get(self.randoms[CLIENT], "CLIENT_RANDOM")

    def message(self, side: int, whole: bytes) -> Effect:
        """One message, its head of four bytes included. Raises BadTape, or ValueError and IndexError for bad form."""
        kind, body = whole[0], whole[4:]
        if kind == HELLO:
            self._client_hello(whole, body)
        elif kind == SERVER_HELLO:
            self._server_hello(whole, body)
        elif self.facts.version == TLS13:
            self._message13(side, kind, body)
            if kind not in (TICKET, KEY_UPDATE):  # these come after the handshake
                self._transcript.append(whole)
        else:
            self._message12(side, kind, body)
            self._transcript.append(whole)
        return _EFFECTS.get(kind, Effect.NONE) if self.facts.version == TLS13 else Effect.NONE

    def _client_hello(self, whole: bytes, body: bytes) -> None:
        self.randoms[CLIENT], self.retried = body[2:34], False
        self.facts.random = self.randoms[CLIENT]
        self._transcript.append(whole)
        self._session, at = vector(body, 34, 1)
        _, at = vector(body, at, 2)
        _, at = vector(body, at, 1)
        offered = extensions(vector(body, at, 2)[0])
        if NAME in offered:
            self.facts.name = offered[NAME][5:].decode("ascii", "replace")
        if EARLY_DATA in offered:
            self.facts.early = "offered"
        if PRE_SHARED_KEY in offered:  # the ticket's own bytes say which connection is resumed
            self.facts.offered_ticket = vector(vector(offered[PRE_SHARED_KEY], 0, 2)[0], 0, 2)[0]
        else:
            self.facts.offered_ticket = offered.get(SESSION_TICKET) or self._session

    def _server_hello(self, whole: bytes, body: bytes) -> None:
        facts = self.facts
        session, at = vector(body, 34, 1)
        given = extensions(vector(body, at + 3, 2)[0]) if len(body) > at + 3 else {}
        facts.version = int.from_bytes(given.get(VERSIONS) or body[:2], "big")
        facts.suite = int.from_bytes(body[at : at + 2], "big")
        if body[2:34] == RETRY:
            digest = hashlib.new(self.suite.hash, self._transcript[0]).digest()
            self._transcript = [b"\xfe\0\0" + bytes([len(digest)]) + digest, whole]
            facts.suite, self.retried = None, True
            facts.early = facts.early and "rejected"
            return
        self.randoms[SERVER] = body[2:34]
        self._transcript.append(whole)
        facts.resumed = PRE_SHARED_KEY in given
        if facts.version != TLS13:
            if session and session != self._session:
                facts.tickets.append(session)
            self._alpn(given)

    def _message13(self, side: int, kind: int, body: bytes) -> None:
        facts = self.facts
        if kind == ENCRYPTED_EXTENSIONS and side == SERVER:
            given = extensions(vector(body, 0, 2)[0])
            self._alpn(given)
            facts.early = facts.early and ("accepted" if EARLY_DATA in given else "rejected")
        elif kind in (CERTIFICATE, COMPRESSED) and side == SERVER:
            facts.chain, facts.stapled = chain13(uncompressed(body) if kind == COMPRESSED else body)
        elif kind == VERIFY and side == SERVER:
            signed = b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + self._digest()
            self._signature(int.from_bytes(body[:2], "big"), vector(body, 2, 2)[0], signed)
        elif kind == FINISHED:
            name, hash_name = f"{NAMES[side].upper()}_HANDSHAKE_TRAFFIC_SECRET", self.suite.hash
            secret = self._keys.get(self.randoms[CLIENT], name)
            key = expand(secret, b"finished", b"", hashlib.new(hash_name).digest_size, hash_name)
            self._finished(side, body, hmac.digest(key, self._digest(), hash_name))
        elif kind == KEY_UPDATE:
            facts.updates += 1
        elif kind == TICKET:
            facts.tickets.append(vector(body, 9 + body[8], 2)[0])

    def _message12(self, side: int, kind: int, body: bytes) -> None:
        facts = self.facts
        if kind == CERTIFICATE and side == SERVER:
            facts.chain = chain12(body)
        elif kind == KEY_EXCHANGE:
            end = 4 + body[3]
            covered = self.randoms[CLIENT] + self.randoms[SERVER] + body[:end]
            self._signature(int.from_bytes(body[end : end + 2], "big"), vector(body, end + 2, 2)[0], covered)
        elif kind == STATUS and body[:1] == b"\x01":
            facts.stapled = vector(body, 1, 3)[0]
        elif kind == TICKET:
            facts.tickets.append(vector(body, 4, 2)[0])
        elif kind == FINISHED:
            label = f"{NAMES[side]} finished".encode()
            self._finished(side, body, prf(self.master, label, self._digest(), 12, self.suite.hash))
            facts.resumed = facts.resumed or (side == SERVER and not facts.chain)

    def _finished(self, side: int, told: bytes, reckoned: bytes) -> None:
        self.facts.finished[NAMES[side]] = "good" if hmac.compare_digest(told, reckoned) else "bad"

    def _signature(self, scheme: int, signed: bytes, data: bytes) -> None:
        chain = self.facts.chain
        holds = bool(chain) and signature.good(chain[0], scheme, signed, data)
        self.facts.signature = "good" if holds else "bad"

    def _digest(self) -> bytes:
        return hashlib.new(self.suite.hash, b"".join(self._transcript)).digest()

    def _alpn(self, given: dict[int, bytes]) -> None:
        if ALPN in given:
            self.facts.alpn = given[ALPN][3:].decode("ascii", "replace")

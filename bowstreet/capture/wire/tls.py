"""TLS 1.2 and 1.3 as an onlooker who is given the secrets: fed both directions in order of arrival, it hands
plaintext to a sink as soon as it can, and says what the handshake was (RFC 8446, RFC 5246).

    tls = Onlooker(KeyLog(path), sink=lambda side, plain: …)
    tls.feed(CLIENT, data); tls.feed(SERVER, data)
    tls.facts().chain                                  # the certificates of the very connection that carried the page

Both Finished messages and the server's signature are checked. That proves the handshake; it does not prove who
wrote the content, for whoever holds the secrets could forge it. Hence captures are sealed at once.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire.keylog import KeyLog, Wait
from bowstreet.capture.wire.records import SUITES, TLS13, Key, Key13, Suite, block12, expand, keys12, prf

CLIENT, SERVER = 0, 1
NAMES = ("client", "server")
CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
#: The random of a ServerHello that is a HelloRetryRequest (RFC 8446 section 4.1.3).
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
CERTIFICATE_LIMIT = 1 << 20

Sink = Callable[[int, bytes], None]


@dataclass
class Handshake:
    """What the handshake said. `signature` and the two `finished` are good, bad, or None where there was none."""

    version: int | None = None
    suite: int | None = None
    alpn: str | None = None
    name: str | None = None  # the name the browser asked for (SNI)
    chain: list[bytes] = field(default_factory=list)  # DER, the site's own first
    signature: str | None = None
    finished: dict[str, str] = field(default_factory=dict)
    resumed: bool = False
    offered_ticket: bytes = b""
    tickets: list[bytes] = field(
        default_factory=list
    )  # by which a later connection is known to resume this one
    updates: int = 0
    alerts: list[tuple[str, int]] = field(default_factory=list)
    stapled: bytes | None = None  # OCSP response
    waiting: str | None = None

    @property
    def version_name(self) -> str | None:
        """TLS 1.2, TLS 1.3 …"""
        return None if self.version is None else f"TLS 1.{self.version - 0x0301}"

    @property
    def suite_name(self) -> str | None:
        """The cipher suite's IANA name."""
        return None if self.suite is None else _suite(self.suite).name


class Onlooker:
    """One connection. Raises BadTape where bytes do not decrypt or are not TLS."""

    def __init__(self, keys: KeyLog, sink: Sink) -> None:
        self.facts = Handshake()
        self._keys, self._sink = keys, sink
        self._pending = (bytearray(), bytearray())
        self._messages = (bytearray(), bytearray())
        self._key: list[Key | None] = [None, None]
        self._stage = ["clear", "clear"]  # then handshake, then application
        self._randoms = [b"", b""]
        self._transcript: list[bytes] = []
        self._session = b""
        self._early = False
        self._master = b""

    def feed(self, side: int, data: bytes) -> None:
        """Take in bytes of one side, and open every record that can be opened."""
        self._pending[side].extend(data)
        self._run(side)
        if self._pending[1 - side]:
            self._run(1 - side)

    def _run(self, side: int) -> None:
        pending, done = self._pending[side], 0
        try:
            while len(pending) - done >= 5:
                size = pending[done + 3] << 8 | pending[done + 4]
                if len(pending) - done - 5 < size:
                    break
                self._record(
                    side, bytes(pending[done : done + 5]), bytes(pending[done + 5 : done + 5 + size])
                )
                done += 5 + size
            self.facts.waiting = None
        except Wait as wait:
            self.facts.waiting = str(wait)
        del pending[:done]

    # --- records ---------------------------------------------------------------------------------------------

    def _record(self, side: int, head: bytes, body: bytes) -> None:
        kind, plain = head[0], body
        if not CHANGE <= kind <= DATA:
            raise BadTape(f"not TLS: a record of type {kind}")
        modern = self.facts.version == TLS13
        if self._key[side] is None and kind == DATA:
            if side == CLIENT and self._early and self._stage[CLIENT] == "clear":
                raise BadTape("early data (0-RTT), which browsers do not send unless asked to: not followed")
            self._next_key(side)
        key = self._key[side]
        if key is not None and not (modern and kind != DATA):
            kind, plain = self._open(side, key, head, body)
        if kind == CHANGE and self.facts.version is not None and not modern:
            self._keys12(side)
        elif kind == DATA:
            self._sink(side, plain)
        elif kind == HANDSHAKE:
            self._handshake(side, plain)
        elif kind == ALERT and len(plain) >= 2:
            self.facts.alerts.append((NAMES[side], plain[1]))

    def _open(self, side: int, key: Key, head: bytes, body: bytes) -> tuple[int, bytes]:
        try:
            return key.open(head, body)
        except (InvalidTag, ValueError, IndexError):
            raise BadTape(
                f"a record of the {NAMES[side]} does not decrypt ({self._stage[side]} keys)"
            ) from None

    def _next_key(self, side: int) -> None:
        """Fetch a key only when the next record needs it, so that a Wait never leaves a record half done."""
        if self.facts.suite is None:
            raise Wait("ServerHello")
        name = NAMES[side].upper()
        label = (
            f"{name}_TRAFFIC_SECRET_0"
            if self._stage[side] == "application"
            else f"{name}_HANDSHAKE_TRAFFIC_SECRET"
        )
        self._key[side] = Key13(self._keys.get(self._randoms[CLIENT], label), _suite(self.facts.suite))
        if self._stage[side] == "clear":
            self._stage[side] = "handshake"

    def _keys12(self, side: int) -> None:
        assert self.facts.suite is not None
        suite = _suite(self.facts.suite)
        self._master = self._keys.get(self._randoms[CLIENT], "CLIENT_RANDOM")
        seed = self._randoms[SERVER] + self._randoms[CLIENT]
        self._key[side] = keys12(
            suite, prf(self._master, b"key expansion", seed, block12(suite), suite.hash), side
        )
        self._stage[side] = "application"

    # --- handshake messages ----------------------------------------------------------------------------------

    def _handshake(self, side: int, data: bytes) -> None:
        pending = self._messages[side]
        pending += data
        while len(pending) >= 4 and len(pending) >= 4 + (size := int.from_bytes(pending[1:4], "big")):
            message = bytes(pending[: 4 + size])
            del pending[: 4 + size]
            try:
                self._message(side, message[0], message, message[4:])
            except (IndexError, KeyError, ValueError, zlib.error, brotli.error) as error:
                raise BadTape(f"a handshake message of type {message[0]} cannot be read ({error})") from None

    def _message(self, side: int, kind: int, whole: bytes, body: bytes) -> None:
        if kind == 1:
            self._client_hello(whole, body)
        elif kind == 2:
            self._server_hello(whole, body)
        elif self.facts.version == TLS13:
            self._message13(side, kind, body)
            if kind not in (4, 24):  # tickets and key updates come after the handshake
                self._transcript.append(whole)
        else:
            self._message12(side, kind, body)
            self._transcript.append(whole)

    def _client_hello(self, whole: bytes, body: bytes) -> None:
        self._randoms[CLIENT] = body[2:34]
        self._transcript.append(whole)
        self._session, at = _vector(body, 34, 1)
        _, at = _vector(body, at, 2)
        _, at = _vector(body, at, 1)
        extensions = _extensions(_vector(body, at, 2)[0])
        if 0 in extensions:
            self.facts.name = extensions[0][5:].decode("ascii", "replace")
        self._early = 42 in extensions
        if 41 in extensions:  # pre-shared key: the ticket's own bytes say which connection is resumed
            self.facts.offered_ticket = _vector(_vector(extensions[41], 0, 2)[0], 0, 2)[0]
        else:
            self.facts.offered_ticket = extensions.get(35) or self._session

    def _server_hello(self, whole: bytes, body: bytes) -> None:
        session, at = _vector(body, 34, 1)
        extensions = _extensions(_vector(body, at + 3, 2)[0]) if len(body) > at + 3 else {}
        version = (
            int.from_bytes(extensions[43], "big") if 43 in extensions else int.from_bytes(body[:2], "big")
        )
        suite = int.from_bytes(body[at : at + 2], "big")
        self.facts.version = version
        if body[2:34] == RETRY:
            digest = hashlib.new(_suite(suite).hash, self._transcript[0]).digest()
            self._transcript = [b"\xfe\0\0" + bytes([len(digest)]) + digest, whole]
            self._early = False
            return
        self._randoms[SERVER] = body[2:34]
        self._transcript.append(whole)
        self.facts.suite = suite
        self.facts.resumed = 41 in extensions
        if version != TLS13:
            if session and session != self._session:
                self.facts.tickets.append(session)
            self._alpn(extensions)

    def _message13(self, side: int, kind: int, body: bytes) -> None:
        if kind == 8:
            self._alpn(_extensions(_vector(body, 0, 2)[0]))
        elif kind == 25 and side == SERVER:
            self._certificates13(_uncompressed(body))
        elif kind == 11 and side == SERVER:
            self._certificates13(body)
        elif kind == 15 and side == SERVER:
            signed = b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + self._transcript_hash()
            self._signature(int.from_bytes(body[:2], "big"), _vector(body, 2, 2)[0], signed)
        elif kind == 20:
            self._finished13(side, body)
        elif kind == 5 and side == CLIENT:
            self._early = False
        elif kind == 24:
            key = self._key[side]
            assert isinstance(key, Key13)
            self._key[side] = key.updated()
            self.facts.updates += 1
        elif kind == 4:
            self.facts.tickets.append(_vector(body, 9 + body[8], 2)[0])

    def _finished13(self, side: int, body: bytes) -> None:
        suite = self._chosen()
        secret = self._keys.get(self._randoms[CLIENT], f"{NAMES[side].upper()}_HANDSHAKE_TRAFFIC_SECRET")
        key = expand(secret, b"finished", b"", hashlib.new(suite.hash).digest_size, suite.hash)
        self._note_finished(side, body, hmac.digest(key, self._transcript_hash(), suite.hash))
        self._key[side], self._stage[side] = None, "application"

    def _message12(self, side: int, kind: int, body: bytes) -> None:
        if kind == 11 and side == SERVER:
            self.facts.chain = _list(_vector(body, 0, 3)[0])
        elif kind == 12:
            signed = 4 + body[3]
            scheme = int.from_bytes(body[signed : signed + 2], "big")
            covered = self._randoms[CLIENT] + self._randoms[SERVER] + body[:signed]
            self._signature(scheme, _vector(body, signed + 2, 2)[0], covered)
        elif kind == 22 and body[:1] == b"\x01":
            self.facts.stapled = _vector(body, 1, 3)[0]
        elif kind == 4:
            self.facts.tickets.append(_vector(body, 4, 2)[0])
        elif kind == 20:
            hash_name = self._chosen().hash
            digest = hashlib.new(hash_name, b"".join(self._transcript)).digest()
            label = f"{NAMES[side]} finished".encode()
            self._note_finished(side, body, prf(self._master, label, digest, 12, hash_name))
            if side == SERVER and not self.facts.chain:
                self.facts.resumed = True

    def _certificates13(self, body: bytes) -> None:
        _, at = _vector(body, 0, 1)
        entries, at = _vector(body, at, 3)[0], 0
        while at < len(entries):
            certificate, at = _vector(entries, at, 3)
            extensions, at = _vector(entries, at, 2)
            if not self.facts.chain and (status := _extensions(extensions).get(5)) and status[:1] == b"\x01":
                self.facts.stapled = _vector(status, 1, 3)[0]
            self.facts.chain.append(certificate)

    # --- what is checked -------------------------------------------------------------------------------------

    def _note_finished(self, side: int, told: bytes, reckoned: bytes) -> None:
        self.facts.finished[NAMES[side]] = "good" if hmac.compare_digest(told, reckoned) else "bad"

    def _signature(self, scheme: int, signature: bytes, data: bytes) -> None:
        try:
            _check(x509.load_der_x509_certificate(self.facts.chain[0]), scheme, signature, data)
            self.facts.signature = "good"
        except (InvalidSignature, ValueError, IndexError, KeyError):
            self.facts.signature = "bad"

    def _transcript_hash(self) -> bytes:
        return hashlib.new(self._chosen().hash, b"".join(self._transcript)).digest()

    def _chosen(self) -> Suite:
        assert self.facts.suite is not None
        return _suite(self.facts.suite)

    def _alpn(self, extensions: dict[int, bytes]) -> None:
        if 16 in extensions:
            self.facts.alpn = extensions[16][3:].decode("ascii", "replace")


def _suite(number: int) -> Suite:
    if number not in SUITES:
        raise BadTape(f"the cipher suite 0x{number:04x} is not one we can open")
    return SUITES[number]


def _vector(data: bytes, at: int, width: int) -> tuple[bytes, int]:
    """A vector with a length of `width` bytes before it, and where the next thing begins (RFC 8446 section 3.4)."""
    size = int.from_bytes(data[at : at + width], "big")
    end = at + width + size
    if end > len(data):
        raise ValueError("a vector runs past its end")
    return data[at + width : end], end


def _extensions(data: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at + 4 <= len(data):
        kind = int.from_bytes(data[at : at + 2], "big")
        found[kind], at = _vector(data, at + 2, 2)
    return found


def _list(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        item, at = _vector(data, at, 3)
        found.append(item)
    return found


def _uncompressed(body: bytes) -> bytes:
    """A compressed certificate (RFC 8879): zlib or brotli, the two that Chromium offers."""
    algorithm, packed = int.from_bytes(body[:2], "big"), _vector(body, 5, 3)[0]
    if int.from_bytes(body[2:5], "big") > CERTIFICATE_LIMIT:
        raise ValueError("a certificate of more than a megabyte")
    return zlib.decompress(packed) if algorithm == 1 else bytes(brotli.decompress(packed))


_HASHES = {2: hashes.SHA1(), 4: hashes.SHA256(), 5: hashes.SHA384(), 6: hashes.SHA512()}  # noqa: S303 - what the site used, not what we choose


def _check(certificate: x509.Certificate, scheme: int, signature: bytes, data: bytes) -> None:
    """Verify by the scheme's number (RFC 8446 section 4.2.3). Raises InvalidSignature."""
    key, high, low = certificate.public_key(), scheme >> 8, scheme & 255
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, data)
    elif isinstance(key, rsa.RSAPublicKey) and high == 8:
        digest = _HASHES[low]
        key.verify(signature, data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(_HASHES[high]))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), _HASHES[high])
    else:
        raise InvalidSignature

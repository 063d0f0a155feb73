"""TLS 1.2 and 1.3 as an onlooker who is given the secrets: fed both directions in order of arrival, it hands
plaintext to a sink as soon as it can, and says what the handshake was (RFC 8446, RFC 5246).

    tls = Onlooker(KeyLog(path), sink=lambda side, plain: …)
    tls.feed(CLIENT, data); tls.feed(SERVER, data)
    tls.facts.chain                                    # the certificates of the very connection that carried the page
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidTag

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire.handshake import CLIENT, MESSAGE_LIMIT, NAMES, SERVER, Dialogue, Effect, Handshake
from bowstreet.capture.wire.keylog import LABELS, KeyLog, Wait
from bowstreet.capture.wire.records import TLS13, Key, Key13, block12, keys12, prf

CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
#: Bytes that may wait for a secret: the browser writes each before it acts on it.
WAITING_LIMIT = 64 << 20

Sink = Callable[[int, bytes], None]


class Onlooker:
    """One connection. Raises BadTape where bytes do not decrypt or are not TLS."""

    def __init__(self, keys: KeyLog, sink: Sink) -> None:
        self._dialogue = Dialogue(keys)
        self._keys, self._sink = keys, sink
        self._pending = (bytearray(), bytearray())
        self._messages = (bytearray(), bytearray())
        self._key: list[Key | None] = [None, None]
        self._stage = ["clear", "clear"]  # then early (the client alone), handshake, application
        self._waits: list[str | None] = [None, None]

    @property
    def facts(self) -> Handshake:
        """What the handshake said so far."""
        return self._dialogue.facts

    @property
    def retried(self) -> bool:
        """Has the site asked for another greeting, which is yet to come?"""
        return self._dialogue.retried

    @property
    def lacks_secret(self) -> bool:
        """Does either side wait for a secret that the browser has not written?"""
        return any(wait in LABELS for wait in self._waits)

    def feed(self, side: int, data: bytes) -> None:
        """Take in bytes of one side, and open every record that can be opened."""
        self._pending[side].extend(data)
        if self._pending[1 - side]:
            self._run(1 - side)  # what has waited came first
        self._run(side)
        if self._waits[1 - side]:
            self._run(1 - side)
        self.facts.waiting = self._waits[CLIENT] or self._waits[SERVER]

    def _run(self, side: int) -> None:
        pending, done = self._pending[side], 0
        try:
            while len(pending) - done >= 5:
                end = done + 5 + (pending[done + 3] << 8 | pending[done + 4])
                if len(pending) < end:
                    break
                self._record(side, bytes(pending[done : done + 5]), bytes(pending[done + 5 : end]))
                done = end
            self._waits[side] = None
        except Wait as wait:
            self._waits[side] = str(wait)
        del pending[:done]
        if len(pending) > WAITING_LIMIT:
            raise BadTape(f"the browser never wrote the secret that opens it ({self._waits[side]})")

    # --- records ---------------------------------------------------------------------------------------------

    def _record(self, side: int, head: bytes, body: bytes) -> None:
        kind, plain = head[0], body
        if not CHANGE <= kind <= DATA:
            raise BadTape(f"not TLS: a record of type {kind}")
        modern = self.facts.version == TLS13
        if self._key[side] is None and kind == DATA:
            if self._dialogue.retried and side == CLIENT:
                return  # early data that the site turned down by asking for another greeting
            self._next_key(side)
        key = self._key[side]
        if key is not None and (kind == DATA or not modern):
            try:
                kind, plain = key.open(head, body)
            except (InvalidTag, ValueError, IndexError):
                if side == CLIENT and self.facts.early == "rejected" and self._stage[side] == "handshake":
                    return  # early data that nobody read
                raise BadTape(
                    f"a record of the {NAMES[side]} does not decrypt ({self._stage[side]} keys)"
                ) from None
        if kind == CHANGE and self.facts.version is not None and not modern:
            self._keys12(side)
        elif kind == DATA:
            self._sink(side, plain)
        elif kind == HANDSHAKE:
            self._handshake(side, plain)
        elif kind == ALERT and len(plain) >= 2:
            self.facts.alerts.append((NAMES[side], plain[1]))

    def _next_key(self, side: int) -> None:
        """Fetch a key only when the next record needs it, so that a Wait never leaves a record half done."""
        stage = self._next_stage(side)
        if self.facts.suite is None:
            raise Wait("ServerHello")
        if side == CLIENT and stage == "handshake" and self._waits[SERVER]:
            raise Wait("the server's Finished")  # which the client's covers
        name = NAMES[side].upper()
        label = {
            "early": "CLIENT_EARLY_TRAFFIC_SECRET",
            "handshake": f"{name}_HANDSHAKE_TRAFFIC_SECRET",
            "application": f"{name}_TRAFFIC_SECRET_0",
        }[stage]
        self._key[side] = Key13(self._keys.get(self._dialogue.randoms[CLIENT], label), self._dialogue.suite)
        self._stage[side] = stage

    def _next_stage(self, side: int) -> str:
        if self._stage[side] == "application":
            return "application"
        if side == CLIENT and self._stage[side] == "clear":
            if self.facts.early == "offered":
                raise Wait("EncryptedExtensions")  # which say whether early data was taken
            if self.facts.early == "accepted":
                return "early"
        return "handshake"

    def _keys12(self, side: int) -> None:
        dialogue = self._dialogue
        suite, seed = dialogue.suite, dialogue.randoms[SERVER] + dialogue.randoms[CLIENT]
        block = prf(dialogue.master, b"key expansion", seed, block12(suite), suite.hash)
        self._key[side], self._stage[side] = keys12(suite, block, side), "application"

    # --- handshake messages ----------------------------------------------------------------------------------

    def _handshake(self, side: int, data: bytes) -> None:
        pending = self._messages[side]
        pending += data
        while len(pending) >= 4 and len(pending) >= 4 + (size := int.from_bytes(pending[1:4], "big")):
            message = bytes(pending[: 4 + size])
            del pending[: 4 + size]
            try:
                self._then(side, message)
            except (IndexError, ValueError) as error:
                raise BadTape(f"a handshake message of type {message[0]} cannot be read ({error})") from None
        if len(pending) > MESSAGE_LIMIT:
            raise BadTape("a handshake message of more than a megabyte")

    def _then(self, side: int, message: bytes) -> None:
        effect = self._dialogue.message(side, message)
        if effect is Effect.EARLY_END:
            self._key[side], self._stage[side] = None, "early"
        elif effect is Effect.FINISHED:
            self._key[side], self._stage[side] = None, "application"
        elif effect is Effect.UPDATE and isinstance(key := self._key[side], Key13):
            self._key[side] = key.updated()

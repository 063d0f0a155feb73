"""WebSocket messages on paper: their forms, and that a redacted copy holds no secret in any of them."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

from oracle.websocket import BYTES, PING, TEXT, frame

from bowstreet.capture.mask import Mask, Secret
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.exchange import Exchange, How
from bowstreet.capture.wire.websocket import Message, conversations, messages

TOKEN = b"s3cret-token-of-a-login"


def masked(code: int, data: bytes) -> bytes:
    key = b"\x11\x22\x33\x44"
    plain = frame(code, data)
    head = bytes((plain[0], plain[1] | 128)) + plain[2 : len(plain) - len(data)]
    return head + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(data))


def test_split_masked_and_interleaved_frames_are_put_together() -> None:
    wire = frame(TEXT, b"one ", last=False) + frame(PING, b"?") + frame(0, b"two") + masked(BYTES, b"three")
    pieces = [wire[at : at + 3] for at in range(0, len(wire), 3)]
    assert list(messages(pieces)) == [
        Message("ping", b"?"),
        Message("text", b"one two"),
        Message("bytes", b"three"),
    ]


def test_packed_messages_refer_to_earlier_ones_only_where_it_was_agreed() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = [(packer.compress(b"again and again ") + packer.flush(zlib.Z_SYNC_FLUSH))[:-4] for _ in range(2)]
    wire = [bytes((0xC1, len(one))) + one for one in packed]
    told = [message.data for message in messages(wire, deflated=True)]
    assert told == [b"again and again "] * 2
    assert len(list(messages(wire, deflated=True, keeps_context=False))) == 1


def test_a_redacted_copy_holds_no_secret_in_any_form_of_message(tmp_path: Path) -> None:
    (tmp_path / "up").write_bytes(masked(TEXT, b"log in " + TOKEN) + masked(BYTES, b"\0" + TOKEN))
    (tmp_path / "down").write_bytes(frame(TEXT, b"welcome " + TOKEN))
    upgrade = ((b"Upgrade", b"websocket"),)
    exchange = Exchange(
        "GET", "/chat", ((b"Host", b"a.example"),), 0, status=101, response=upgrade, how=How.UPGRADE
    )
    connection = Connection(
        1,
        "a.example",
        80,
        5,
        0.0,
        (tmp_path / "up", tmp_path / "down"),
        exchanges=[exchange],
        upgraded=(0, 0),
    )
    mask = Mask([Secret("cookie", "session", TOKEN)])
    (open_copy,) = conversations([connection])
    assert [m["from"] for m in open_copy["messages"]] == ["browser", "browser", "site"]
    assert TOKEN.decode() in json.dumps(open_copy)
    (served,) = conversations([connection], lambda data: mask.data(data, "websockets.json"))
    plain = [m["text"].encode() if "text" in m else base64.b64decode(m["base64"]) for m in served["messages"]]
    assert [len(one) for one in plain] == [7 + len(TOKEN), 1 + len(TOKEN), 8 + len(TOKEN)]
    assert not [one for one in plain if TOKEN in one]

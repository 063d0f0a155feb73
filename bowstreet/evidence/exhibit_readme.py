"""The README of an exhibit: the same checks as `bowstreet verify`, with sha256sum, unzip and openssl alone."""

from __future__ import annotations

from collections.abc import Sequence

_TEXT = """\
HOW TO CHECK THIS EXHIBIT WITHOUT THE PROGRAM THAT MADE IT

You need sha256sum, unzip, base64 and openssl, which come with most systems. Nothing is sent anywhere.
Type the commands in this folder. With the program:  bowstreet verify . --trust FILE

1. Every file is the one that was put in:

   sha256sum -c manifest-sha256.txt
   sha256sum -c tagmanifest-sha256.txt

   Any BagIt program says the same (RFC 8493).

2. Whose key signed. The fingerprint of the key in data/keys/public-key.pem is

   {fingerprint}

   Do not take it from here: compare it with the one that the organisation publishes, or was given to you
   by another way.

   openssl pkey -pubin -in data/keys/public-key.pem -outform DER | sha256sum
{captures}{tokens}{ledger}
WHAT THIS SHOWS, AND WHAT IT DOES NOT

The checks show that these bytes have not changed since they were signed, and with a time-stamp that they
existed at that time. They do not show that a website signed its content: no website does. What was captured
is what the server returned to this client at this time.
"""
_CAPTURE = """
3. {name}: the manifest is what was signed, and the manifest gives the hash of every file in it.

   unzip -p data/{name} datapackage.json | sha256sum
   unzip -p data/{name} datapackage-digest.json
        "hash" and, in signedData, "hash" again: both have to be that number.
   unzip -p data/{name} datapackage-digest.json | tr -d '\\n' | sed 's/.*"signature": "\\([^"]*\\)".*/\\1/' | base64 -d > sig
   unzip -p data/{name} datapackage-digest.json | tr -d '\\n' | sed 's/.*"signedData": {{ *"hash": "\\([^"]*\\)".*/\\1/' | tr -d '\\n' > hash
   openssl dgst -sha256 -verify data/keys/public-key.pem -signature sig hash
   unzip -p data/{name} archive/data.warc.gz | sha256sum
        compare with "archive/data.warc.gz" in datapackage.json; so for every other file in it.
"""
_INSIDE = """
   {name} carries a time-stamp of its signature: an authority saw the signature at this time. The roots of the
   authorities that this exhibit was stamped by are in data/keys/tsa-*.pem: do not take them from here alone.

   unzip -p data/{name} datapackage-digest.json | tr -d '\\n' | sed 's/.*"timeSignature": "\\([^"]*\\)".*/\\1/' | base64 -d > inside.tsr
   unzip -p data/{name} datapackage-digest.json | tr -d '\\n' | sed 's/.*"signature": "\\([^"]*\\)".*/\\1/' | tr -d '\\n' > signature
   cat data/keys/tsa-*.pem > roots
   openssl ts -verify -data signature -in inside.tsr -CAfile roots
   openssl ts -reply -in inside.tsr -text
"""
_STAMP = """
4. {token}: an authority saw {name} at this time.

   openssl ts -verify -data data/{name} -in data/{token} -CAfile data/keys/tsa-{authority}.pem
   openssl ts -reply -in data/{token} -text
"""
_NO_TIME = """
4. There is no time-stamp: no authority was asked, or none has answered yet. That the files existed at the time
   which they give rests on the clock of the machine that sealed them, and on the ledger.
"""
_LEDGER = """
5. {name}: this event is in the ledger, and was when the checkpoint in the proof was signed.
   The leaf commits to the event under a salt:

   openssl dgst -sha256 -mac HMAC -macopt hexkey:$(cat data/ledger/{name}.salt) data/ledger/{name}.event.json
        has to be the number in data/ledger/{name}.leaf.
   data/ledger/{name}.tlog-proof is in the format c2sp.org/tlog-proof; data/keys/ledger.vkey is the ledger's key.
"""


def readme(
    captures: Sequence[str],
    tokens: Sequence[str],
    entries: Sequence[str],
    fingerprint: str,
    stamped: Sequence[str],
) -> str:
    """The text for one bag. `stamped` are the captures that carry a time-stamp inside."""
    owners = [(t, next((c for c in captures if t.startswith(f"{c}.")), "")) for t in tokens]
    return _TEXT.format(
        fingerprint=fingerprint,
        captures="".join(
            _CAPTURE.format(name=name) + (_INSIDE.format(name=name) if name in stamped else "")
            for name in captures
        ),
        tokens=""
        if stamped and not tokens
        else "".join(
            _STAMP.format(name=c, token=t, authority=t.removeprefix(f"{c}.").removesuffix(".tsr"))
            for t, c in owners
        )
        or _NO_TIME,
        ledger="".join(_LEDGER.format(name=name) for name in entries),
    )

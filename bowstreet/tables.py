"""The tables that flow between the parts: this page shows what the system is about.

    PAGES  →  reading  →  LISTINGS, ACCOUNTS, IDENTIFIERS, IMAGES  →  linking  →  PAIRS, SELLERS
                                                                        ↑ DECISIONS

Every fact carries a *proof*: where in which captured bytes it stands, and which reader of which version
said so. Everything here can be thrown away and made again from the captures.
"""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.string()
WHEN = pa.timestamp("us", tz="UTC")

PROOF = pa.struct(
    [
        (
            "record",
            TEXT,
        ),  # WARC-Record-ID of the response, or of the DOM snapshot where scripts built the page
        ("block", TEXT),  # "sha256:<hex>" of the record's block
        ("body", TEXT),  # "sha256:<hex>" of the content-decoded body: what the spans count in
        ("byte_start", pa.int64()),  # span in that body
        ("byte_end", pa.int64()),
        ("char_start", pa.int64()),  # span in the body's decoded text
        ("char_end", pa.int64()),
        ("css", TEXT),  # path of the element that holds it, from html
        ("box", pa.list_(pa.int32())),  # x, y, width, height in an image
        ("reader", TEXT),  # which way gave the value: "label", "model", "json-ld", "email" …
        ("version", TEXT),
        ("score", pa.float64()),  # how sure the reader is, 0 to 1
    ]
)
PROOFS = pa.map_(TEXT, PROOF)  # field → proof

# One captured resource that a reader may look at: a page, its DOM snapshot, or an image on it.
PAGES = pa.schema(
    [
        ("source", TEXT),  # "sha256:<hex>" of the archive, or the path of a loose file
        ("url", TEXT),
        ("ts", WHEN),
        ("role", TEXT),  # response | dom | image | file
        ("page", TEXT),  # address of the page visited, of which this is a part
        ("record", TEXT),
        ("block", TEXT),
        ("body_digest", TEXT),
        ("status", pa.int32()),
        ("media_type", TEXT),
        ("charset", TEXT),  # as the server declared it, or null
        ("body", pa.large_binary()),  # transfer- and content-decoded
    ]
)

MONEY = pa.struct([("amount", TEXT), ("currency", TEXT)])  # a decimal string; ISO 4217 or BTC, XMR, …

LISTINGS = pa.schema(
    [
        ("source", TEXT),
        ("record", TEXT),
        ("url", TEXT),  # of the listing itself, absolute
        ("seen_on", TEXT),  # of the page it was read from
        ("ts", WHEN),
        ("title", TEXT),
        ("price", MONEY),
        ("prices", pa.list_(MONEY)),
        ("quantity", TEXT),
        ("unit", TEXT),
        ("per_unit", MONEY),  # the price of one unit
        ("brand", TEXT),
        ("sku", TEXT),
        ("seller", TEXT),
        ("category", pa.list_(TEXT)),
        ("ships_from", TEXT),
        ("ships_to", pa.list_(TEXT)),
        ("payment", TEXT),
        ("stock", TEXT),
        ("rating", TEXT),
        ("description", TEXT),
        (
            "goods",
            pa.struct(
                [("label", TEXT), ("score", pa.float64()), ("sure", pa.bool_()), ("words", pa.list_(TEXT))]
            ),
        ),
        ("proof", PROOFS),
    ]
)

CLAIM = pa.struct([("site", TEXT), ("sales", pa.int64()), ("text", TEXT)])

ACCOUNTS = pa.schema(
    [
        ("source", TEXT),
        ("record", TEXT),
        ("url", TEXT),
        ("ts", WHEN),
        ("site", TEXT),  # host, with port where it is not the scheme's own
        ("handle", TEXT),
        ("joined", TEXT),
        ("level", TEXT),
        ("rating", TEXT),
        ("sales", pa.int64()),
        ("last_seen", TEXT),
        ("ships_from", TEXT),
        ("description", TEXT),
        ("claims", pa.list_(CLAIM)),
        ("proof", PROOFS),
    ]
)

IDENTIFIERS = pa.schema(
    [
        ("source", TEXT),
        ("record", TEXT),
        ("url", TEXT),
        ("ts", WHEN),
        ("type", TEXT),
        ("text", TEXT),  # as written (masked for payment cards)
        ("value", TEXT),  # normalised; null where it only looks like one
        ("valid", pa.bool_()),
        ("account", TEXT),  # handle of the account whose page or text it stands in, where that is plain
        ("proof", PROOF),
    ]
)

IMAGES = pa.schema(
    [
        ("source", TEXT),
        ("record", TEXT),
        ("url", TEXT),
        ("page", TEXT),
        ("ts", WHEN),
        ("sha256", TEXT),
        ("pdq", TEXT),
        ("quality", pa.int32()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("qr", pa.list_(TEXT)),
        ("text", TEXT),
        ("views", pa.list_(TEXT)),  # PDQ of the picture, of it without its frame, and of its middle
        ("camera", pa.map_(TEXT, TEXT)),  # what the camera wrote; never where
        (
            "quarantined",
            TEXT,
        ),  # "category, source version" of the user's hash list; all but sha256 is then null
    ]
)

REASON = pa.struct(
    [
        ("field", TEXT),
        ("kind", TEXT),  # reasons of one kind count as one
        ("weight", pa.float64()),  # log2 of the Bayes factor; below 0 it speaks against
        ("left", TEXT),
        ("right", TEXT),
        ("words", TEXT),
        ("common", pa.int64()),  # how many accounts hold the value
        ("cap", TEXT),  # why it counts for less than it would
    ]
)

PAIRS = pa.schema(
    [
        ("left", TEXT),
        ("right", TEXT),
        ("weight", pa.float64()),  # match weight: log2 of the Bayes factor, prior included
        ("probability", pa.float64()),
        ("likely", pa.bool_()),  # probable, and for two kinds of reason: a link
        ("prior", pa.float64()),  # where the weight starts from, before any reason
        ("reasons", pa.list_(REASON)),
        ("change", pa.list_(TEXT)),  # what would change the answer
    ]
)

SELLERS = pa.schema([("seller", TEXT), ("account", TEXT)])

DECISIONS = pa.schema([("left", TEXT), ("right", TEXT), ("decision", TEXT)])  # same | different | unsure

"""Bytes that can be trusted later: WARC and WACZ, seal, time-stamp, ledger, verify. No database, no web.

from bowstreet.evidence.verify import verify
verdict = verify(Path("capture.wacz"), trust=Trust.read(Path("trust.json")))
"""

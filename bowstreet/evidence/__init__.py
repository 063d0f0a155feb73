"""Bytes that can be trusted later: WARC and WACZ, seal, timestamp, ledger, verify. No database, no web."""

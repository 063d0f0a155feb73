"""What each path answers over HTTP/1.1, to the byte."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import zstandard

from oracle.http1 import Reply, Request

TEXT = b"The quick brown fox jumps over the lazy dog. " * 400
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
VIDEO = random.Random(5).randbytes(700_000)
CORS = b"Access-Control-Allow-Origin: *\r\nTiming-Allow-Origin: *\r\n"
CODED = {
    "/gzip": ("gzip", gzip.compress(TEXT)), "/brotli": ("br", brotli.compress(TEXT)),
    "/zstd": ("zstd", zstandard.compress(TEXT)), "/deflate": ("deflate", zlib.compress(TEXT)), "/identity": ("identity", TEXT),
}  # fmt: skip
WORKER = b"""
self.addEventListener('install', e => e.waitUntil(caches.open('c').then(c => c.add('/from-the-worker')).then(() => self.skipWaiting())));
self.addEventListener('activate', e => e.waitUntil(self.clients.claim()));
self.addEventListener('fetch', e => { if (e.request.url.endsWith('/answered-by-the-worker'))
  e.respondWith(new Response('nothing on the wire')); });
"""


def plain(body: bytes, *, kind: bytes = b"text/plain", more: bytes = b"", status: bytes = b"200 OK") -> bytes:
    """A message with a length."""
    return b"HTTP/1.1 %s\r\nContent-Type: %s\r\n%s%sContent-Length: %d\r\n\r\n%s" % (
        status, kind, CORS, more, len(body), body,
    )  # fmt: skip


def chunked(body: bytes, sizes: list[int], *, more: bytes = b"", trailers: bytes = b"") -> bytes:
    """A chunked message with odd sizes, sizes oddly written, extensions and trailers."""
    out, at = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n%s%sTransfer-Encoding: chunked\r\n\r\n"
        % (CORS, more),
        0,
    )
    for turn, size in enumerate([*sizes, len(body)]):
        piece = body[at : at + size]
        at += len(piece)
        if piece:
            out += (
                [b"%x", b"%X", b"000%x", b'%x;a=1;b="two"'][turn % 4] % len(piece) + b"\r\n" + piece + b"\r\n"
            )
    return out + b"0\r\n" + trailers + b"\r\n"


def answer(request: Request) -> Reply:
    """The whole site, but for WebSockets."""
    path, method = request.path, request.method
    if method == "OPTIONS":
        return Reply(
            b"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: *\r\n"
            b"Access-Control-Allow-Headers: *\r\nAccess-Control-Allow-Private-Network: true\r\n\r\n"
        )
    if method == "HEAD":
        return Reply(b"HTTP/1.1 200 OK\r\n" + CORS + b"Content-Length: 123456\r\n\r\n")
    if path in CODED:
        coding, body = CODED[path]
        return Reply(plain(body, more=b"Content-Encoding: " + coding.encode() + b"\r\n"))
    if path.startswith("/r3"):
        status = {"301": b"301 Moved Permanently", "302": b"302 Found", "303": b"303 See Other", "307": b"307 Temporary Redirect",
                  "308": b"308 Permanent Redirect"}[path[2:5]]  # fmt: skip
        return Reply(
            plain(b"elsewhere", status=status, more=b"Location: /landed-" + path[2:5].encode() + b"\r\n")
        )
    if path == "/video":
        return _part(request)
    if path == "/cached" and request.header(b"if-none-match"):
        return Reply(b"HTTP/1.1 304 Not Modified\r\n" + CORS + b'ETag: "v1"\r\n\r\n')
    return ANSWERS.get(path) or Reply(plain(b"<p>" + path.encode(), kind=b"text/html"))


def _part(request: Request) -> Reply:
    first, _, last = (request.header(b"range") or b"bytes=0-").removeprefix(b"bytes=").partition(b"-")
    start, end = int(first), min(int(last or len(VIDEO)), len(VIDEO) - 1)
    more = b"Accept-Ranges: bytes\r\nContent-Range: bytes %d-%d/%d\r\n" % (start, end, len(VIDEO))
    return Reply(
        plain(VIDEO[start : end + 1], kind=b"video/webm", status=b"206 Partial Content", more=more), pieces=3
    )


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + CORS
ANSWERS = {
    "/chunked": Reply(chunked(TEXT, [1, 3, 17, 255, 4096, 2], trailers=b"X-Trailer: one\r\nx-trailer: two\r\n"), pieces=7),
    "/chunked-gzip": Reply(chunked(gzip.compress(TEXT), [1, 2, 3], more=b"Content-Encoding: gzip\r\n"), pieces=3),
    "/cached": Reply(plain(TEXT, more=b'ETag: "v1"\r\nCache-Control: no-cache\r\n')),
    "/cookies": Reply(plain(b"ok", more=b"Set-Cookie: a=1\r\nset-cookie: b=2; Path=/\r\nSET-COOKIE: c=3; HttpOnly\r\nSet-Cookie: a=4; Path=/x\r\nSet-cookie:d=5\r\n")),
    "/odd": Reply(plain(b"ok", more=b"x-OdD-cAsE: 1\r\nZebra: z\r\nApple:a\r\nx-odd-case: 2\r\nX-Latin: caf\xe9 \xff\r\nX-Space:   two  spaces\t\r\nX-Empty:\r\nX-Utf8: gr\xc3\xbc\xc3\x9fe\r\n")),
    "/early": Reply(plain(b"ok"), before=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-More: hints\r\n\r\n"),
    "/empty": Reply(plain(b"")),
    "/none": Reply(b"HTTP/1.1 204 No Content\r\n" + CORS + b"\r\n"),
    "/short": Reply(HEAD + b"Content-Length: 9000\r\n\r\n" + b"s" * 4000, then="close", whole=False),
    "/short-chunks": Reply(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + b"c" * 100, then="close", whole=False),
    "/reset": Reply(HEAD + b"Content-Length: 9000\r\n\r\n" + b"r" * 5000, then="reset", whole=False),
    "/until-close": Reply(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n" + CORS + b"\r\nuntil the end" * 50, then="close"),
    "/last": Reply(plain(b"the last one on its connection", more=b"Connection: close\r\n"), then="close"),
    "/bare": Reply(b"HTTP/1.1 200 OK\nContent-Type: text/plain\nAccess-Control-Allow-Origin: *\nContent-Length: 5\n\nlines"),
    "/no-reason": Reply(b"HTTP/1.1 200\r\n" + CORS + b"Content-Length: 2\r\n\r\nok"),
    "/events": Reply(HEAD.replace(b"text/plain", b"text/event-stream") + b"Transfer-Encoding: chunked\r\n\r\n"
                     + b"e\r\ndata: first\n\n\r\n\r\nf\r\ndata: second\n\n\r\n\r\nd\r\ndata: last\n\n\r\n\r\n0\r\n\r\n", pieces=4),
    "/font.woff2": Reply(plain(b"wOF2 and no more", kind=b"font/woff2")),
    "/worker.js": Reply(plain(WORKER, kind=b"text/javascript")),
    "/download": Reply(plain(b"PK\3\4 a file", kind=b"application/zip", more=b'Content-Disposition: attachment; filename="a.zip"\r\n')),
    "/frame": Reply(plain(b"<title>frame</title><img src='/in-the-frame.png'>", kind=b"text/html")),
    "/in-the-frame.png": Reply(plain(PIXEL, kind=b"image/png")),
    "/favicon.ico": Reply(plain(PIXEL, kind=b"image/png")),
    **{f"/lazy-{n}.png": Reply(plain(PIXEL, kind=b"image/png")) for n in range(3)},
}  # fmt: skip

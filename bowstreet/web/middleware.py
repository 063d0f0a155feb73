"""What every answer carries, and the wall between our pages and captured ones."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound

Handler = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-src {inert}; frame-ancestors 'none'; base-uri 'none'"
)


def headers(get_response: Handler) -> Handler:
    """A content security policy without inline anything, and nothing told to other sites."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        inert = f"{request.scheme}://{settings.INERT_HOST}:*"
        response.headers.setdefault("Content-Security-Policy", POLICY.format(inert=inert))
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def inert_host(get_response: Handler) -> Handler:
    """Captured pages answer only under the inert host's name, and nothing else answers there."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        inert = request.get_host().partition(":")[0] == settings.INERT_HOST
        if inert != request.path.startswith("/inert/"):
            return HttpResponseNotFound("There is nothing at this address.", content_type="text/plain")
        response = get_response(request)
        if inert and isinstance(response, HttpResponse):
            response.cookies.clear()
        return response

    return handle

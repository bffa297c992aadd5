"""The headers every answer carries, so that a browser does nothing that no page of ours needs."""

from collections.abc import Callable

import flask
from flask import Flask, Response

from incidents.config import Settings

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "usb",
    "xr-spatial-tracking",
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
}
TRANSPORT = "max-age=63072000; includeSubDomains"


def send_headers(app: Flask, settings: Settings) -> None:
    app.after_request(_adding(settings))


def _adding(settings: Settings) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            # A download may set a narrower policy of its own.
            response.headers.setdefault(name, value)
        if settings.behind_tls:
            response.headers.setdefault("Strict-Transport-Security", TRANSPORT)
        if flask.request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        elif "v" in flask.request.args and not settings.debug:
            # The address names the bytes.
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return add

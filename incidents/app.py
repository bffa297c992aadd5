"""Builds the app: settings, services, guard, pages, blueprints. The only place that wires."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from incidents.account.routes import bp as account
from incidents.audit.routes import bp as audit
from incidents.clock import Clock, utc_now
from incidents.config import Settings
from incidents.db import LARGEST_ROW
from incidents.desk.routes import bp as desk
from incidents.incident.routes import bp as incident
from incidents.review.routes import bp as review
from incidents.services import open_services
from incidents.source.routes import bp as source
from incidents.vocabulary.routes import bp as vocabulary_pages
from incidents.vocabulary.types import vocabulary
from incidents.web.compression import compress_static
from incidents.web.formats import add_formats
from incidents.web.guard import protect
from incidents.web.headers import send_headers
from incidents.web.keys import add_keys
from incidents.web.pages import show_errors
from incidents.web.request import viewer_if_known

BLUEPRINTS = (account, audit, desk, incident, review, source, vocabulary_pages)
# Long pasted texts come as fields; files are held to upload_limit_mb alone.
FIELDS_LIMIT_BYTES = 10_000_000


class RowNumber(IntegerConverter):
    """A number in an address names a row; one no row can have is an address that is not there."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=LARGEST_ROW)


def create_app(settings: Settings, *, clock: Clock = utc_now) -> Flask:
    """An app of its own, sharing nothing with another; the database must be at head already."""
    app = Flask("incidents")
    app.extensions["incidents"] = open_services(settings, clock)
    upload_limit = settings.upload_limit_mb * 1_000_000
    app.config.update(
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=upload_limit,
        MAX_FORM_MEMORY_SIZE=min(upload_limit, FIELDS_LIMIT_BYTES),
        PREFERRED_URL_SCHEME="https" if settings.behind_tls else "http",
    )
    app.url_map.converters["int"] = RowNumber
    protect(app, settings)
    send_headers(app, settings)
    compress_static(app)
    show_errors(app)
    _prepare_templates(app, settings, clock)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        # Flask's own way to wrap an app, which its types call a method.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]
    return app


def _prepare_templates(app: Flask, settings: Settings, clock: Clock) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["installation"] = settings.title
    app.jinja_env.globals["label"] = lambda name, code: vocabulary(name).label(code)
    add_formats(app, clock)
    add_keys(app)
    app.context_processor(lambda: {"viewer": viewer_if_known()})

    version = cache(lambda file: _version(Path(str(app.static_folder)) / file))

    @app.url_defaults
    def _version_static(endpoint: str, values: dict[str, Any]) -> None:
        """A file's address changes with its bytes, so browsers may keep it for good."""
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", version(values["filename"]))


def _version(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None

"""What a page's script asks while somebody types an address or looks for a source."""

from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from incidents.addresses import AddressError, address_hash, canonical, page_archived
from incidents.errors import FieldErrors
from incidents.source.filters import SourceFilter
from incidents.source.queries import (
    KnownSource,
    SourceSuggestion,
    known_sources,
    sources_suggested,
)
from incidents.source.routes.blueprint import RECORDERS, bp
from incidents.web import allow, session, viewer
from incidents.web.formats import count_of


@bp.get("/sources/same")
@allow(*RECORDERS)
def same() -> Response:
    """The sources that stand at `url`, and the page it keeps a copy of, if it is an archive's.

    `but` is the source being edited. What is no address, or nobody's, has none.
    """
    url, but = request.args.get("url", ""), request.args.get("but", "")
    try:
        known = known_sources(session(), viewer(), {address_hash(canonical(url))})
    except AddressError:
        known = ()
    found = [_said(one) for one in known if one.reference != but]
    return jsonify({"sources": found, "page": page_archived(url)})


@bp.get("/sources/suggest")
@allow(*RECORDERS)
def suggest() -> Response:
    """Sources by a reference, words of a title or publisher, or an address: `q`."""
    try:
        wanted = SourceFilter.from_args({"q": [request.args.get("q", "")]}, {})
    except FieldErrors:
        return jsonify([])
    return jsonify([_offered(one) for one in sources_suggested(session(), viewer(), wanted)])


def _said(known: KnownSource) -> dict[str, Any]:
    return {
        "reference": known.reference,
        "title": known.title,
        "url": known.url,
        "facts": known.facts,
        "told": known.told,
    }


def _offered(one: SourceSuggestion) -> dict[str, Any]:
    logged = count_of(one.incidents, "incident") if one.incidents else "nothing logged yet"
    facts = (one.reference, one.publisher, one.published, logged)
    return {
        "value": one.reference,
        "id": None,
        "label": one.title,
        "detail": " · ".join(fact for fact in facts if fact),
        "echo": one.title,
        "kind": "source",
    }

"""The list of sources, the reading room, and the original as a download."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, NotFound
from incidents.incident.types import TYPES
from incidents.paging import Page as PageOf
from incidents.paging import page_asked
from incidents.source.filters import LOGGED, SourceFilter
from incidents.source.forms import ReasonForm
from incidents.source.queries import (
    NEWEST_FIRST,
    ORDERS,
    SourceLine,
    kind_labels,
    page_of_sources,
    snapshot_file,
    source_page,
)
from incidents.source.routes.blueprint import Page, bp
from incidents.source.routes.readers import at_work
from incidents.web import EVERYBODY, allow, services, session, viewer

# A saved page of somebody else's must do nothing, whatever a browser makes of it.
_INERT = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Listing:
    """The page. With `errors` nothing was looked up."""

    wanted: SourceFilter
    kinds: Mapping[str, str]
    logged: Mapping[str, str]
    errors: Mapping[str, Sequence[str]]
    said: str = ""
    order: str = ""
    page: PageOf[SourceLine] | None = None
    previous_url: str = ""
    next_url: str = ""


@bp.get("/sources")
@allow(*EVERYBODY)
def index() -> Page:
    kinds = kind_labels(session())
    args = request.args.to_dict(flat=False)
    try:
        wanted = SourceFilter.from_args(args, kinds)
        asked = page_asked(
            request.args.get("sort", ""),
            request.args.get("after", ""),
            ORDERS,
            default=NEWEST_FIRST,
        )
    except FieldErrors as errors:
        listing = Listing(SourceFilter(), kinds, LOGGED, errors.errors)
        return render_template("source/index.html", listing=listing), 422
    if any(not text for texts in args.values() for text in texts):
        # A form sends its empty boxes too: the address people copy holds what was asked alone.
        return redirect(_url(wanted, asked.order.name, request.args.get("after")), 303)
    page = page_of_sources(session(), viewer(), asked, wanted, kinds)
    listing = Listing(
        wanted=wanted,
        kinds=kinds,
        logged=LOGGED,
        errors={},
        said=wanted.words(kinds),
        order="newest first" if asked.order.descending else "oldest first",
        page=page,
        previous_url=_url(wanted, asked.order.name, page.previous),
        next_url=_url(wanted, asked.order.name, page.next),
    )
    return render_template("source/index.html", listing=listing)


@bp.get("/sources/<reference>")
@allow(*EVERYBODY)
def show(reference: str) -> Page:
    return room_page(reference, ReasonForm())


@bp.get("/sources/<reference>/snapshots/<sha256>")
@allow(*EVERYBODY)
def snapshot(reference: str, sha256: str) -> Response:
    app = services()
    file = snapshot_file(session(), viewer(), app.keyring, app.archive, reference, sha256)
    response = send_file(
        io.BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
    )
    # Without a charset: the file's own may be any.
    if not file.media_type.startswith("text/plain") and file.media_type != "text/markdown":
        response.headers["Content-Type"] = file.media_type
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def room_page(reference: str, form: ReasonForm) -> str:
    """The reading room; `form` is that of closing the source."""
    page = source_page(
        session(),
        viewer(),
        services().keyring,
        reference,
        copy=_number("copy"),
        against=_number("against"),
    )
    after = request.args.get("after", "")
    return render_template(
        "source/show.html",
        source=page,
        form=form,
        types=tuple(TYPES.values()),
        at_work=at_work(page),
        after=next((line for line in page.incidents if line.reference == after), None),
    )


def _number(name: str) -> int | None:
    """A copy's number asked for in the address, None without one; NotFound when it is none."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise NotFound("There is no such copy of this source.")
    return int(text)


def _url(wanted: SourceFilter, sort: str, after: str | None) -> str:
    """The listing's address for this state, without what goes without saying."""
    pairs = wanted.to_args()
    if sort != NEWEST_FIRST:
        pairs["sort"] = [sort]
    if after:
        pairs["after"] = [after]
    address = url_for("source.index")
    return f"{address}?{urlencode(pairs, doseq=True)}" if pairs else address

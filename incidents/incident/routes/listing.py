"""The listing's page: its whole state is in the address, and what can't be read there is said.

With one wrong parameter nothing is listed: a filter half applied would show the wrong incidents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors
from incidents.incident.filters import (
    PARAMETERS,
    IncidentFilter,
    Pill,
    conditions,
    for_export,
    pills,
)
from incidents.incident.queries.listing import (
    DEFAULT_ORDER,
    ORDERS,
    IncidentRow,
    count_of_incidents,
    counts_by,
    counts_without,
    page_of_incidents,
)
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.totals import MeasureTotal, totals
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.rail import RailGroup, rail
from incidents.paging import Page, PageAsked, page_asked
from incidents.viewer import Viewer
from incidents.web import EVERYBODY, allow, services, session, viewer

Args = Sequence[tuple[str, str]]

_SAID = {
    "date": "oldest first",
    "-date": "newest first",
    "updated": "longest unchanged first",
    "-updated": "last changed first",
    "reference": "by reference",
    "-reference": "by reference, highest first",
    "title": "by title",
    "-title": "by title, from the end",
}
# The way a press on an order goes first.
_FIRST = {"date": "-date", "updated": "-updated", "reference": "reference", "title": "title"}


@dataclass(frozen=True)
class SortLink:
    """`current`: "" or what aria-sort says of the order in use."""

    label: str
    url: str
    current: str
    said: str


@dataclass(frozen=True)
class ExportOffer:
    """What the export button gives: `count` rows; `beyond` more match but are not approved."""

    count: int
    beyond: int
    args: Args
    # Whether the filter names a status itself.
    status_named: bool


@dataclass(frozen=True)
class Listing:
    """The page. With `errors` nothing was looked up: there are no rows, counts or totals."""

    filter_count: int
    rail: list[RailGroup]
    sort: str
    errors: Mapping[str, Sequence[str]]
    error_labels: Mapping[str, str]
    page: Page[IncidentRow] | None = None
    conditions: str = ""
    said_order: str = ""
    pills: Sequence[tuple[Pill, str]] = ()
    sorts: Sequence[SortLink] = ()
    previous_url: str = ""
    next_url: str = ""
    totals: Sequence[MeasureTotal] = ()
    export: ExportOffer | None = None
    looser: Sequence[tuple[str, str, int]] = ()


@bp.get("/incidents")
@allow(*EVERYBODY)
def index() -> str | Response:
    reading, asking = session(), viewer()
    args = list(request.args.items(multi=True))
    errors = FieldErrors()
    asked, page = IncidentFilter(), PageAsked(ORDERS[DEFAULT_ORDER])
    try:
        asked = filter_from_args(reading, args, asking, services().keyring)
    except FieldErrors as refused:
        _add(errors, refused)
    try:
        page = _page_asked(errors)
    except FieldErrors as refused:
        _add(errors, refused)
    if errors:
        listing = _refused(reading, asking, args, errors)
    elif any(not text for _, text in args):
        # A form sends its empty boxes too: the address people copy holds what was asked alone.
        return redirect(_url(asked.to_args(), page.order.name, request.args.get("after")), 303)
    else:
        listing = _answered(reading, asking, asked, page)
    return render_template("incident/index.html", listing=listing)


def _page_asked(errors: FieldErrors) -> PageAsked:
    for name in ("sort", "after", "view"):
        if len(request.args.getlist(name)) > 1:
            errors.add(name, f"“{name}” takes one value.")
    view = request.args.get("view", "")
    if view not in ("", "table"):
        errors.add("view", f"There is no view “{view[:60]}”. Leave it out for the table.")
    return page_asked(
        request.args.get("sort", ""), request.args.get("after", ""), ORDERS, default=DEFAULT_ORDER
    )


def _refused(reading: Session, viewer: Viewer, args: Args, errors: FieldErrors) -> Listing:
    texts = _texts(args)
    labels = {name: PARAMETERS[name].label for name in errors.errors if name in PARAMETERS}
    return Listing(
        filter_count=len(texts),
        rail=rail(reading, viewer, texts, errors.errors, {}),
        sort=DEFAULT_ORDER,
        errors=errors.errors,
        error_labels=labels,
    )


def _answered(reading: Session, viewer: Viewer, asked: IncidentFilter, page: PageAsked) -> Listing:
    rows = page_of_incidents(reading, asked, viewer, page)
    sort = page.order.name
    args = asked.to_args()
    counted = ("type", "status") if viewer.internal else ("type",)
    counts = {name: counts_by(reading, asked, viewer, name) for name in counted}
    shown = pills(asked)
    listing = Listing(
        filter_count=len(shown),
        rail=rail(reading, viewer, _texts(args), {}, counts),
        sort=sort,
        errors={},
        error_labels={},
        page=rows,
        conditions=conditions(asked),
        said_order=_SAID[sort],
        pills=[(pill, _url(pill.without, sort)) for pill in shown],
        sorts=_sorts(args, sort),
        previous_url=_url(args, sort, rows.previous),
        next_url=_url(args, sort, rows.next),
    )
    if not rows.count:
        return replace(listing, looser=counts_without(reading, asked, viewer))
    return replace(
        listing,
        totals=totals(reading, asked, viewer),
        export=_export(reading, asked, viewer, rows.count),
    )


def _export(reading: Session, asked: IncidentFilter, viewer: Viewer, matching: int) -> ExportOffer:
    named = "status" in asked
    count = matching if named else count_of_incidents(reading, for_export(asked), viewer)
    return ExportOffer(count, matching - count, asked.to_args(), named)


def _sorts(args: Args, current: str) -> list[SortLink]:
    links = []
    for name, first in _FIRST.items():
        in_use = current.lstrip("-") == name
        turned = name if current.startswith("-") else f"-{name}"
        ways = "descending" if current.startswith("-") else "ascending"
        target = turned if in_use else first
        links.append(
            SortLink(ORDERS[name].label, _url(args, target), ways if in_use else "", _SAID[target])
        )
    return links


def _url(args: Args, sort: str, after: str | None = None) -> str:
    """The listing's address for this state, without what goes without saying."""
    pairs = list(args)
    if sort != DEFAULT_ORDER:
        pairs.append(("sort", sort))
    if after:
        pairs.append(("after", after))
    address = url_for("incident.index")
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _texts(args: Args) -> dict[str, list[str]]:
    """The filters' own parameters with what was typed for each."""
    texts: dict[str, list[str]] = {}
    for name, text in args:
        if name in PARAMETERS and text.strip():
            texts.setdefault(name, []).append(text)
    return texts


def _add(errors: FieldErrors, more: FieldErrors) -> None:
    for name, messages in more.errors.items():
        for message in messages:
            errors.add(name, message)

"""The listing's page: its whole state is in the address, and what can't be read there is said.

With one wrong parameter nothing is listed: a filter half applied would show the wrong incidents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask import redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors
from incidents.incident.columns.listing import (
    ListingColumn,
    columns_asked,
    columns_for,
    in_address,
    usual_columns,
)
from incidents.incident.filters import (
    PARAMETERS,
    IncidentFilter,
    Pill,
    conditions,
    for_export,
    pills,
    with_values,
)
from incidents.incident.filters.asked import NONE, written
from incidents.incident.queries.counts import counts_by, counts_by_year, counts_without
from incidents.incident.queries.listing import (
    DEFAULT_ORDER,
    ORDERS,
    IncidentRow,
    count_of_incidents,
    order_allowed,
    page_of_incidents,
    searched_once,
)
from incidents.incident.queries.listing_columns import Beside, beside_rows
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.saved_views import ViewLine, saved_views
from incidents.incident.queries.totals import MeasureTotal, totals
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.rail import Asking, RailGroup, YearLink, rail
from incidents.incident.routes.shown_listing import Args, Shown, SortLink
from incidents.paging import Page, PageAsked, page_asked
from incidents.viewer import Viewer
from incidents.web import EVERYBODY, allow, services, session, viewer

# What an error calls the listing's own parameters.
# How a parameter of the listing is called on its page.
LABELS = {
    **{"sort": "Order", "columns": "Columns", "view": "View", "after": "Page"},
    **{name: one.label for name, one in PARAMETERS.items()},
}


@dataclass(frozen=True)
class ExportOffer:
    """What the export button gives: `count` rows; `beyond` more match but are not approved."""

    count: int
    beyond: int
    args: Args
    # Whether the filter names a status itself.
    status_named: bool


@dataclass(frozen=True)
class ColumnsOffer:
    """What the table can show. `own`: the viewer chose theirs once; `kept`: these are theirs."""

    choices: tuple[ListingColumn, ...]
    own: bool
    kept: bool


@dataclass(frozen=True)
class Listing:
    """The page. With `errors` nothing was looked up: there are no rows, counts or totals."""

    shown: Shown
    filter_count: int
    rail: list[RailGroup]
    errors: Mapping[str, Sequence[str]]
    error_labels: Mapping[str, str]
    views: Sequence[ViewLine]
    columns: ColumnsOffer
    page: Page[IncidentRow] | None = None
    beside: Mapping[int, Beside] = field(default_factory=dict)
    conditions: str = ""
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
    asked, page, shown = read_listing(reading, asking, args, errors)
    if errors:
        listing = _refused(reading, asking, args, shown, errors)
    elif any(not text for _, text in args) or _said_otherwise(shown):
        # A form sends its empty boxes too: the address people copy holds what was asked alone.
        return redirect(shown.url(request.args.get("after")), 303)
    else:
        listing = _answered(reading, asking, asked, page, shown)
    return render_template("incident/index.html", listing=listing)


def read_listing(
    reading: Session, asking: Viewer, args: Args, errors: FieldErrors
) -> tuple[IncidentFilter, PageAsked, Shown]:
    """What an address asks for; what is wrong with it is added to `errors`."""
    asked, page = IncidentFilter(), PageAsked(ORDERS[DEFAULT_ORDER])
    columns = usual_columns(asking)
    given = [text for name, text in args if name == "columns" and text.strip(", ")]
    try:
        asked = filter_from_args(reading, args, asking, services().keyring)
    except FieldErrors as refused:
        _add(errors, refused)
    try:
        page = _page_asked(_without_best_match_of_nothing(args), errors)
        if "q" not in errors.errors:
            order_allowed(asked, page)
    except FieldErrors as refused:
        _add(errors, refused)
    try:
        columns = columns_asked(given, asking)
    except FieldErrors as refused:
        _add(errors, refused)
    return asked, page, Shown(asked.to_args(), page.order.name, columns, chosen=bool(given))


def _without_best_match_of_nothing(args: Args) -> Args:
    """Who empties the words of a form goes back to the usual order."""
    emptied = any(name == "q" and not text.strip() for name, text in args)
    return [pair for pair in args if pair != ("sort", "relevance")] if emptied else args


def _page_asked(args: Args, errors: FieldErrors) -> PageAsked:
    own = ("sort", "after", "view")
    given = {name: [text for one, text in args if one == name] for name in own}
    for name, texts in given.items():
        if len(texts) > 1:
            errors.add(name, f"“{name}” takes one value.")
    sort, after, view = (texts[0] if texts else "" for texts in given.values())
    if view not in ("", "table"):
        errors.add("view", f"There is no view “{view[:60]}”. Leave it out for the table.")
    return page_asked(sort, after, ORDERS, default=DEFAULT_ORDER)


def _said_otherwise(shown: Shown) -> bool:
    """Whether the columns came box by box, as a form sends them."""
    given = request.args.getlist("columns")
    return shown.chosen and given != [in_address(shown.columns)]


def _refused(
    reading: Session, viewer: Viewer, args: Args, shown: Shown, errors: FieldErrors
) -> Listing:
    texts = _texts(args)
    return Listing(
        shown=shown,
        filter_count=len(texts),
        rail=rail(reading, viewer, Asking(texts, errors.errors)),
        errors=errors.errors,
        error_labels=LABELS,
        views=saved_views(reading, viewer),
        columns=_columns(viewer, shown),
    )


def _answered(
    reading: Session, viewer: Viewer, asked: IncidentFilter, page: PageAsked, shown: Shown
) -> Listing:
    asked = searched_once(reading, asked, viewer)
    rows = page_of_incidents(reading, asked, viewer, page)
    said = pills(asked)
    listing = Listing(
        shown=shown,
        filter_count=len(said),
        rail=rail(reading, viewer, _asking(reading, viewer, asked, shown)),
        errors={},
        error_labels={},
        views=saved_views(reading, viewer),
        columns=_columns(viewer, shown),
        page=rows,
        beside=beside_rows(reading, viewer, rows.rows, shown.column_names),
        conditions=conditions(asked),
        pills=[(pill, shown.asking(pill.without).url()) for pill in said],
        sorts=shown.sorts(),
        previous_url=shown.url(rows.previous),
        next_url=shown.url(rows.next),
    )
    if not rows.count:
        return replace(listing, looser=counts_without(reading, asked, viewer))
    return replace(
        listing,
        totals=totals(reading, asked, viewer),
        export=_export(reading, asked, viewer, rows.count),
    )


def _asking(reading: Session, viewer: Viewer, asked: IncidentFilter, shown: Shown) -> Asking:
    """What was asked, and what each choice would give beside the rest of it."""
    counted = ("type", "country", *(("status",) if viewer.internal else ()))
    by_year = counts_by_year(reading, asked, viewer)
    return Asking(
        texts=_texts(shown.args),
        counts={
            **{name: counts_by(reading, asked, viewer, name) for name in counted},
            "from": {NONE: by_year.undated},
        },
        years=[_year(asked, shown, year, number) for year, number in by_year.years.items()],
        said={(name, written(value)): one.label for (name, value), one in asked.found.items()},
    )


def _year(asked: IncidentFilter, shown: Shown, year: int, number: int) -> YearLink:
    days = {"from": date(year, 1, 1), "to": date(year, 12, 31)}
    chosen = asked
    for name, day in days.items():
        chosen = with_values(chosen, name, (day,))
    current = all(asked.values(name) == (day,) for name, day in days.items())
    return YearLink(str(year), number, shown.asking(chosen.to_args()).url(), current)


def _columns(viewer: Viewer, shown: Shown) -> ColumnsOffer:
    kept = shown.columns == columns_asked((), viewer)
    return ColumnsOffer(columns_for(viewer), bool(viewer.columns), kept)


def _export(reading: Session, asked: IncidentFilter, viewer: Viewer, matching: int) -> ExportOffer:
    named = "status" in asked
    count = matching if named else count_of_incidents(reading, for_export(asked), viewer)
    return ExportOffer(count, matching - count, asked.to_args(), named)


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

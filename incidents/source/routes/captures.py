"""Pages being fetched: begun from a form or from a source, watched, tried again, let go of.

What came of one is shown by the form it was begun for; see `create` and `snapshots`.
"""

from collections.abc import Container
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors
from incidents.source.actions.captures import Ticket, again, begin_capture, forget_capture
from incidents.source.queries import said_of, source_by_reference
from incidents.source.queries.captures import Asked, CaptureView, capture_by_token, captures_of
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.source.routes.capturing import capture_in_background, patience
from incidents.source.routes.files import drop_file
from incidents.web import (
    KEPT_FIELDS,
    allow,
    commit,
    forget_kept,
    services,
    session,
    viewer,
    work,
)

# For browsers that run no script.
_REFRESH_S = 2
_OWN_FIELDS = KEPT_FIELDS | {"capture", "file_token", "leave_out"}


def begin(asked: Asked, reference: str = "") -> Response:
    """Begin it in the request's transaction and lead to its page. FieldErrors on `url`."""
    ticket = begin_capture(work(), asked, reference)
    # What was typed lies with it now, and the one before is not asked about any more.
    forget_kept()
    before = request.form.get("capture", "")
    dropped = forget_capture(work(), before) if before else ""
    return _started(ticket, dropped)


def typed_fields(form: Container[str]) -> tuple[tuple[str, str], ...]:
    """What was typed into the form that was posted, as it would fill it again."""
    return tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name in form and name not in _OWN_FIELDS and value
    )


def capture_asked(name: str = "capture") -> CaptureView | None:
    """The one a page's address names. NotFound when it is gone."""
    token = request.args.get(name, "")
    return _capture(token) if token else None


def fields_of(capture: CaptureView) -> MultiDict[str, str]:
    return MultiDict([(name, value) for name, value in capture.asked.fields])


def own_captures() -> list[CaptureView]:
    """For the desk."""
    app = services()
    return list(captures_of(session(), viewer(), app.keyring, patience(app)))


@bp.get("/sources/captures/<token>")
@allow(*RECORDERS)
def capture(token: str) -> Page:
    found = _capture(token)
    if not found.running and not found.stopped:
        return redirect(address_of_form(found), 303)
    return render_template(
        "source/capture.html",
        capture=found,
        refresh_s=_REFRESH_S,
        form_address=address_of_form(found),
    )


@bp.get("/sources/captures/<token>/state")
@allow(*RECORDERS)
def capture_state(token: str) -> Response:
    """For the page's script: what is going on, and where to go when it is over."""
    found = _capture(token)
    over = "" if found.running else url_for("source.capture", token=token)
    return jsonify({"state": found.state, "words": found.words, "next": over})


@bp.post("/sources/captures/<token>/again")
@allow(*RECORDERS)
def capture_again(token: str) -> Page:
    dropped = _capture(token).asked.file_token
    try:
        ticket = again(work(), token)
    except FieldErrors as errors:
        flash(errors.errors["url"][0], "info")
        return redirect(url_for("source.capture", token=token), 303)
    return _started(ticket, dropped)


@bp.post("/sources/captures/<token>/discard")
@allow(*RECORDERS)
def discard_capture(token: str) -> Page:
    dropped = forget_capture(work(), token)
    commit()
    _drop(dropped)
    return redirect(url_for("desk.index"), 303)


@bp.post("/sources/<reference>/captures")
@allow(*RECORDERS)
def capture_source(reference: str) -> Page:
    """Another copy of a source, from its own address."""
    source = source_by_reference(session(), viewer(), reference)
    url = said_of(session(), viewer(), source).url
    try:
        if not url:
            raise FieldErrors({"url": "This source has no address. Give it one first."})
        return begin(Asked(url), source.reference)
    except FieldErrors as errors:
        flash(errors.errors["url"][0], "info")
        return redirect(url_for("source.new_snapshot", reference=source.reference), 303)


def address_of_form(found: CaptureView) -> str:
    """Where what came of it is looked at."""
    if found.source:
        about: dict[str, Any] = {"reference": found.source, "capture": found.token}
        return url_for("source.new_snapshot", **about)
    return url_for("source.create", capture=found.token)


def _capture(token: str) -> CaptureView:
    app = services()
    return capture_by_token(session(), viewer(), app.keyring, token, patience(app))


def _started(ticket: Ticket, dropped: str) -> Response:
    commit()
    _drop(dropped)
    capture_in_background(services(), viewer(), ticket)
    return redirect(url_for("source.capture", token=ticket.token), 303)


def _drop(file_token: str) -> None:
    owner = viewer().account_id
    if file_token and owner is not None:
        drop_file(services(), owner, file_token)

"""Another copy of a source: fetched again, pasted or chosen, and never the same bytes twice. And
all its fetched copies as one file."""

import io

from flask import flash, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, NotFound
from incidents.source.actions import (
    Prepared,
    add_snapshot,
    forget_capture,
    key_for_copies,
    prepare,
)
from incidents.source.forms import SnapshotForm
from incidents.source.queries import archived_pages, same_copy, source_by_reference, source_page
from incidents.source.record import Content
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.source.routes.captures import capture_asked
from incidents.source.routes.failed import show_failure
from incidents.source.routes.files import content_of, fetched_before, forget_file, show_file
from incidents.wacz import MEDIA_TYPE, wacz_of
from incidents.web import EVERYBODY, allow, commit, services, session, viewer, work

_NOTHING = "Paste the text, or choose a file."
_INERT = "default-src 'none'; sandbox"


@bp.get("/sources/<reference>/snapshots/new")
@allow(*RECORDERS)
def new_snapshot(reference: str) -> Page:
    form = SnapshotForm()
    capture = capture_asked()
    if capture is None:
        return _page(reference, form)
    if capture.source != reference.upper():
        raise NotFound("This page was fetched for another source.")
    if capture.running:
        return redirect(url_for("source.capture", token=capture.token), 303)
    form.capture.data, form.file_token.data = capture.token, capture.asked.file_token
    form.show(fetched_before(form).errors)
    show_failure(form, capture)
    return _page(reference, form)


@bp.post("/sources/<reference>/snapshots/new")
@allow(*RECORDERS)
def add_copy(reference: str) -> Page:
    """Also from the form of a new source, where it turned out to be a copy of this one."""
    form = SnapshotForm()
    content = None
    try:
        content = content_of(form) if form.validate() else None
        if content is None and not form.errors:
            raise FieldErrors({"text": _NOTHING})
        prepared = _prepared(reference, content) if content is not None else None
    except FieldErrors as errors:
        form.show(errors)
        prepared = None
    if content is None or prepared is None:
        return _page(reference, form), 422
    if _is_there(reference, prepared):
        return _same(reference, form)
    for file in prepared.files:
        services().archive.put(file)
    _, is_new = add_snapshot(work(), reference, prepared)
    if not is_new:
        return _same(reference, form)
    forget_capture(work(), form.capture.data or "")
    commit()
    forget_file(form)
    flash(f"Another copy of {reference} is kept. It is the one shown now.")
    return redirect(url_for("source.show", reference=reference), 303)


@bp.get("/sources/<reference>/snapshots.wacz")
@allow(*EVERYBODY)
def wacz(reference: str) -> Response:
    """The fetched copies, for programs that replay web archives."""
    app = services()
    pages = archived_pages(session(), viewer(), app.keyring, app.archive, reference)
    response = send_file(
        io.BytesIO(wacz_of(pages, reference.upper())),
        mimetype=MEDIA_TYPE,
        as_attachment=True,
        download_name=f"{reference.upper()}.wacz",
    )
    response.headers["Content-Security-Policy"] = _INERT
    return response


def _prepared(reference: str, content: Content) -> Prepared:
    with services().database.reading() as reading:
        asking = services().work(reading, viewer())
        protected = source_by_reference(reading, viewer(), reference).protected
        key = key_for_copies(asking, reference)
    limit_mb = services().config.upload_limit_mb
    return prepare(content, limit_mb=limit_mb, protected=protected, key=key)


def _is_there(reference: str, prepared: Prepared) -> bool:
    """Asked before the archive gets its bytes: sealed ones would lie there for nobody."""
    app = services()
    with app.database.reading() as reading:
        source = source_by_reference(reading, viewer(), reference)
        return same_copy(reading, app.keyring, app.archive, source, prepared.stored) is not None


def _same(reference: str, form: SnapshotForm) -> Response:
    forget_capture(work(), form.capture.data or "")
    commit()
    forget_file(form)
    flash(f"{reference} has a copy with exactly these bytes: nothing was added.", "info")
    return redirect(url_for("source.show", reference=reference), 303)


def _page(reference: str, form: SnapshotForm) -> str:
    show_file(form)
    source = source_page(session(), viewer(), services().keyring, reference)
    return render_template("source/new_snapshot.html", source=source, form=form)

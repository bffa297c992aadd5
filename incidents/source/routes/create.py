"""A new source, from its address, pasted text or a file. Everything typed survives an error."""

import secrets

from flask import flash, redirect, render_template, request, url_for

from incidents.account.routes.dates import date_order_answered
from incidents.errors import FieldErrors
from incidents.incident.record.unsaved import FormName
from incidents.source.actions import Prepared, add_source, check_source, forget_capture, prepare
from incidents.source.forms import NewSourceForm
from incidents.source.queries.captures import Asked, CaptureView
from incidents.source.record import SourceSaid
from incidents.source.routes.beside import beside_published
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.source.routes.captures import begin, capture_asked, fields_of, typed_fields
from incidents.source.routes.failed import show_failure
from incidents.source.routes.files import Given, fetched_before, forget_file, given, show_file
from incidents.source.routes.known import known_beside
from incidents.vocabulary.queries import choices
from incidents.web import (
    Keeping,
    allow,
    commit,
    forget_kept,
    keeping,
    services,
    session,
    viewer,
    work,
)


@bp.get("/sources/new")
@allow(*RECORDERS)
def create() -> Page:
    capture = capture_asked()
    if capture is not None:
        return _fetched(capture)
    kept = keeping(FormName("source new"))
    form = NewSourceForm(formdata=kept.typed)
    form.form_token.data = secrets.token_urlsafe(16)
    return _page(form, kept)


@bp.post("/sources/new")
@allow(*RECORDERS)
def add() -> Page:
    form = NewSourceForm()
    # The desk's box sends a text or an address, and a file, alone.
    begins = "title" not in request.form
    if begins:
        form.form_token.data = secrets.token_urlsafe(16)
        form.propose()
    # Before anything is checked: whatever else is wrong, a chosen file is not forgotten.
    brought = given(form)
    if date_order_answered():
        return _page(form)
    if form.is_address_alone and brought.is_nothing:
        return _fetch(form)
    if begins and not brought.is_new:
        form.part_archive()
        return _page(form)
    if brought.is_new and (brought.errors or form.propose_from_file() or begins):
        return _read_file(form, brought)
    valid = form.validate() and not form.part_archive()
    said = form.said(protected=bool(form.protected.data))
    prepared = _prepared(form, brought)
    made = _checked(form, said, prepared) if valid else None
    if made is None and not form.errors:
        made = _added(form, said, prepared)
    if made is None:
        return _page(form, prepared=prepared), 422
    return redirect(url_for("source.show", reference=made), 303)


@bp.post("/sources/captures")
@allow(*RECORDERS)
def fetch() -> Page:
    """The button beside the address: fetch it, whoever has a source there, whatever is typed."""
    form = NewSourceForm()
    return _fetch(form, whatever_is_known=True)


def _fetch(form: NewSourceForm, *, whatever_is_known: bool = False) -> Page:
    """Begin it; but what is here already at this address is shown first."""
    url = (form.url.data or "").strip()
    if not form.validate():
        return _page(form), 422
    form.part_archive()
    form.url.errors = ()
    if not whatever_is_known and known_beside(form, None):
        return _page(form)
    own = {"url": form.url.data or "", "archive_url": form.archive_url.data or ""}
    typed = [pair for pair in typed_fields(form) if pair[0] not in own and pair[0] != "text"]
    # What the desk's box holds is the address itself.
    text = form.text.data or ""
    fields = [*typed, *own.items(), ("text", text)]
    try:
        return begin(Asked(url, tuple((name, value) for name, value in fields if value)))
    except FieldErrors as errors:
        form.show(errors)
        return _page(form), 422


def _fetched(capture: CaptureView) -> Page:
    """The form with what was typed before, what the page says of itself, or why it did not come."""
    if capture.running:
        return redirect(url_for("source.capture", token=capture.token), 303)
    form = NewSourceForm(formdata=fields_of(capture))
    form.form_token.data = form.form_token.data or secrets.token_urlsafe(16)
    form.capture.data, form.file_token.data = capture.token, capture.asked.file_token
    form.url.data = form.url.data or capture.asked.url
    brought = fetched_before(form)
    form.propose_from_file()
    show_failure(form, capture)
    return _page(form, prepared=_prepared(form, brought))


def _read_file(form: NewSourceForm, brought: Given) -> Page:
    """The form again, with what a file chosen just now says of itself, or why it can't be read."""
    if brought.errors:
        form.show(brought.errors)
        return _page(form), 422
    form.part_archive()
    return _page(form, prepared=_prepared(form, brought))


def _prepared(form: NewSourceForm, brought: Given) -> Prepared | None:
    """What came, made ready; errors stand in the form."""
    form.show(brought.errors)
    if brought.content is None or brought.errors:
        return None
    limit_mb = services().config.upload_limit_mb
    try:
        return prepare(brought.content, limit_mb=limit_mb, protected=bool(form.protected.data))
    except FieldErrors as errors:
        form.show(errors)
        return None


def _checked(form: NewSourceForm, said: SourceSaid, prepared: Prepared | None) -> str | None:
    """Asked by a reading session, before the archive gets any byte: what is only then marked as
    protected must not lie there in clear."""
    with services().database.reading() as reading:
        asking = services().work(reading, viewer())
        try:
            made = check_source(
                asking,
                said,
                prepared,
                confirmed=form.confirmed(),
                form_token=form.form_token.data or None,
            )
        except FieldErrors as errors:
            form.show(errors)
            return None
        return made.reference if made else None


def _added(form: NewSourceForm, said: SourceSaid, prepared: Prepared | None) -> str | None:
    for file in prepared.files if prepared is not None else ():
        services().archive.put(file)
    try:
        source = add_source(
            work(),
            said,
            prepared,
            confirmed=form.confirmed(),
            form_token=form.form_token.data or None,
        )
    except FieldErrors as errors:
        # Somebody added the same one since it was checked.
        form.show(errors)
        return None
    forget_kept()
    forget_capture(work(), form.capture.data or "")
    commit()
    forget_file(form)
    flash(f"{source.reference} is kept." if prepared else f"{source.reference} is added.")
    return source.reference


def _page(
    form: NewSourceForm, kept: Keeping | None = None, prepared: Prepared | None = None
) -> str:
    show_file(form)
    form.offer(choices(session(), "source_kind", "date_basis", "reliability"))
    kept = kept or keeping(FormName("source new"))
    known = known_beside(form, prepared)
    return render_template(
        "source/create.html",
        form=form,
        keeping=kept,
        known=known,
        proposed=form.mark_proposed(),
        fetches=not form.chosen,
        **beside_published(form),
    )

"""A new source, from pasted text or a file. Everything typed survives an error."""

import secrets

from flask import flash, redirect, render_template, request, url_for

from incidents.account.routes.dates import date_order_answered
from incidents.errors import FieldErrors
from incidents.incident.record.unsaved import FormName
from incidents.source.actions import Prepared, add_source, check_source, prepare
from incidents.source.forms import NewSourceForm
from incidents.source.record import SourceSaid
from incidents.source.routes.beside import beside_published
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.source.routes.files import Given, forget_file, given, show_file
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
    if prepared is not None:
        services().archive.put(prepared.stored)
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
    return render_template(
        "source/create.html",
        form=form,
        keeping=kept,
        known=known_beside(form, prepared),
        proposed=form.mark_proposed(),
        **beside_published(form),
    )

"""A new source, from pasted text or a file. Everything typed survives an error."""

import secrets

from flask import flash, redirect, render_template, request, url_for

from incidents.errors import FieldErrors
from incidents.source.actions import Prepared, add_source, check_source, prepare
from incidents.source.forms import NewSourceForm
from incidents.source.record import Content, SourceSaid
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.vocabulary.queries import choices
from incidents.web import allow, commit, services, session, viewer, work


@bp.get("/sources/new")
@allow(*RECORDERS)
def create() -> Page:
    form = NewSourceForm()
    form.form_token.data = secrets.token_urlsafe(16)
    return _page(form)


@bp.post("/sources/new")
@allow(*RECORDERS)
def add() -> Page:
    form = NewSourceForm()
    if "title" not in request.form:
        # From the desk's box, which sends a text alone.
        form.form_token.data = secrets.token_urlsafe(16)
        form.propose()
        return _page(form)
    valid = form.validate()
    said = form.said(protected=bool(form.protected.data))
    content, prepared = _prepared(form)
    made = _checked(form, said, prepared) if valid else None
    if made is None and not form.errors:
        made = _added(form, said, prepared)
    if made is None:
        if content is not None and content.method == "uploaded":
            form.keep_file(content)
        return _page(form), 422
    return redirect(url_for("source.show", reference=made), 303)


def _prepared(form: NewSourceForm) -> tuple[Content | None, Prepared | None]:
    """What came, and it made ready; errors stand in the form."""
    content = None
    try:
        content = form.content()
        if content is None:
            return None, None
        limit_mb = services().config.upload_limit_mb
        return content, prepare(content, limit_mb=limit_mb, protected=bool(form.protected.data))
    except FieldErrors as errors:
        form.show(errors)
        return content, None


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
    commit()
    flash(f"{source.reference} is kept." if prepared else f"{source.reference} is added.")
    return source.reference


def _page(form: NewSourceForm) -> str:
    form.offer(choices(session(), "source_kind", "date_basis", "reliability"))
    return render_template("source/create.html", form=form)

"""Changes of a source: its metadata, and whether it is closed."""

from flask import flash, redirect, render_template, url_for

from incidents.account.routes.dates import date_order_answered
from incidents.errors import FieldErrors, WrongState
from incidents.incident.actions import edit_source
from incidents.incident.record.unsaved import FormName
from incidents.source.actions import close_source, reopen_source, source_as_typed
from incidents.source.forms import EditSourceForm, ReasonForm, shown
from incidents.source.models import Source
from incidents.source.queries import said_of, said_then, source_by_reference
from incidents.source.record import Confirmed, SourceSaid
from incidents.source.routes.beside import beside_published
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.source.routes.reading import room_page
from incidents.vocabulary.queries import choices
from incidents.web import Keeping, allow, commit, forget_kept, keeping, session, viewer, work
from incidents.web.two_saves import Edited, going_back, saved_or_merged

_PARTS = (
    *(("title",), ("kind",), ("publisher",), ("author",), ("url",)),
    ("published", "published_basis"),
    *(("language",), ("accessed_at",)),
    ("reliability", "reliability_reason"),
    *(("origin",), ("alternate_urls",), ("archive_url",)),
)


@bp.get("/sources/<reference>/edit")
@allow(*RECORDERS)
def edit(reference: str) -> Page:
    source = source_by_reference(session(), viewer(), reference)
    kept = keeping(FormName("source edit", source.reference))
    form = EditSourceForm(formdata=kept.typed, data=shown(said_of(session(), viewer(), source)))
    if kept.typed is None:
        form.version.data = str(source.version)
    return _page(form, source.reference, kept)


@bp.post("/sources/<reference>/edit")
@allow(*RECORDERS)
def save(reference: str) -> Page:
    source = source_by_reference(session(), viewer(), reference)
    form = EditSourceForm()
    if date_order_answered() or going_back():
        return _page(form, source.reference)
    if not form.validate():
        return _page(form, source.reference), 422
    try:
        saved = saved_or_merged(form, lambda: _edited(form, source), lambda: _write(form, source))
    except FieldErrors as errors:
        form.show(errors)
        return _page(form, source.reference), 422
    if isinstance(saved, tuple):
        return saved
    forget_kept()
    commit()
    flash(f"{saved.reference} is saved.")
    return redirect(url_for("source.show", reference=saved.reference), 303)


def _write(form: EditSourceForm, source: Source) -> Source:
    confirmed = Confirmed(same_address=bool(form.same_address_ok.data))
    said = _said(form, source)
    return edit_source(work(), source.reference, form.read_version, said, confirmed=confirmed)


def _said(form: EditSourceForm, source: Source) -> SourceSaid:
    return form.said(accessed_before=source.accessed_at)


def _edited(form: EditSourceForm, source: Source) -> Edited:
    _offer(form)
    return Edited(
        entity="source",
        id=source.id or 0,
        version=source.version,
        fields=shown(said_of(session(), viewer(), source)),
        parts=_PARTS,
        then=lambda payload: shown(said_then(session(), viewer(), payload)),
        typed=lambda: shown(source_as_typed(work(), source, _said(form, source))),
        heading=f"Edit {source.reference}",
        listed=("Sources", url_for("source.index")),
        save_label="Save source",
        keeping=keeping(FormName("source edit", source.reference)),
    )


@bp.post("/sources/<reference>/close")
@allow(*RECORDERS)
def close(reference: str) -> Page:
    form = ReasonForm()
    if not form.validate():
        return room_page(reference, form), 422
    try:
        source = close_source(work(), reference, form.reason.data or "")
    except FieldErrors as errors:
        form.reason.errors = errors.errors["reason"]
        return room_page(reference, form), 422
    except WrongState as error:
        flash(error.message, "info")
        return redirect(url_for("source.show", reference=reference), 303)
    commit()
    flash(f"{source.reference} is closed.")
    return redirect(url_for("source.show", reference=source.reference), 303)


@bp.post("/sources/<reference>/reopen")
@allow(*RECORDERS)
def reopen(reference: str) -> Page:
    try:
        source = reopen_source(work(), reference)
    except WrongState as error:
        flash(error.message, "info")
        return redirect(url_for("source.show", reference=reference), 303)
    commit()
    flash(f"{source.reference} is open again.")
    return redirect(url_for("source.show", reference=source.reference), 303)


def _offer(form: EditSourceForm) -> None:
    form.offer(choices(session(), "source_kind", "date_basis", "reliability", retired=True))


def _page(form: EditSourceForm, reference: str, kept: Keeping | None = None) -> str:
    _offer(form)
    return render_template(
        "source/edit.html",
        form=form,
        reference=reference,
        keeping=kept or keeping(FormName("source edit", reference)),
        **beside_published(form),
    )

"""Changes of a source: its metadata, and whether it is closed."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from incidents.account.routes.dates import date_order_answered
from incidents.errors import FieldErrors, Stale, WrongState
from incidents.incident.record.unsaved import FormName
from incidents.source.actions import close_source, edit_source, reopen_source
from incidents.source.forms import EditSourceForm, ReasonForm, SourceForm, shown
from incidents.source.queries import said_of, source_by_reference
from incidents.source.record import Confirmed
from incidents.source.routes.beside import beside_published
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.source.routes.reading import room_page
from incidents.vocabulary.queries import choices
from incidents.web import Keeping, allow, commit, forget_kept, keeping, session, viewer, work


@dataclass(frozen=True)
class Difference:
    """One field that was saved by somebody else and is typed otherwise here."""

    label: str
    before: str
    after: str
    words: bool = False


@bp.get("/sources/<reference>/edit")
@allow(*RECORDERS)
def edit(reference: str) -> Page:
    source = source_by_reference(session(), viewer(), reference)
    kept = keeping(FormName("source edit", source.reference))
    form = EditSourceForm(formdata=kept.typed, data=shown(said_of(session(), viewer(), source)))
    if kept.typed is None:
        form.version.data = str(source.version)
    return _page(form, source.reference, kept=kept)


@bp.post("/sources/<reference>/edit")
@allow(*RECORDERS)
def save(reference: str) -> Page:
    source = source_by_reference(session(), viewer(), reference)
    form = EditSourceForm()
    if date_order_answered():
        return _page(form, source.reference)
    if not form.validate():
        return _page(form, source.reference), 422
    before = said_of(session(), viewer(), source)
    try:
        edit_source(
            work(),
            source.reference,
            form.read_version,
            form.said(accessed_before=before.accessed_at),
            confirmed=Confirmed(same_address=bool(form.same_address_ok.data)),
        )
    except FieldErrors as errors:
        form.show(errors)
        return _page(form, source.reference), 422
    except Stale as stale:
        # Sent again, it is saved over what is shown beside it now.
        form.version.data = str(stale.current_version)
        return _page(form, source.reference, _differences(form, shown(before))), 409
    forget_kept()
    commit()
    flash(f"{source.reference} is saved.")
    return redirect(url_for("source.show", reference=source.reference), 303)


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


def _differences(form: SourceForm, stored: dict[str, Any]) -> list[Difference]:
    found = []
    for name, value in stored.items():
        if name not in form:
            continue
        before, after = str(value or ""), str(form[name].data or "")
        if before != after.replace("\r\n", "\n"):
            found.append(Difference(form[name].label.text, before, after))
    return found


def _page(
    form: EditSourceForm,
    reference: str,
    conflict: list[Difference] | None = None,
    kept: Keeping | None = None,
) -> str:
    listed = choices(session(), "source_kind", "date_basis", "reliability", retired=True)
    form.offer(listed)
    return render_template(
        "source/edit.html",
        form=form,
        reference=reference,
        stale=conflict is not None,
        conflict=conflict or [],
        keeping=kept or keeping(FormName("source edit", reference)),
        **beside_published(form),
    )

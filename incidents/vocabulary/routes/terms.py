"""The vocabularies with their terms, for administrators: read, extended, retired."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, NotAllowed, WrongState
from incidents.incident.types import every_detail
from incidents.viewer import Role
from incidents.vocabulary.actions import add_term, edit_term, restore_term, retire_term
from incidents.vocabulary.forms.terms import TermForm
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import term_rows, words_mark
from incidents.vocabulary.routes.blueprint import Page, bp
from incidents.vocabulary.types import vocabularies
from incidents.web import allow, commit, session, work


@dataclass(frozen=True)
class TermLine:
    code: str
    label: str
    definition: str
    example: str
    shipped: bool
    retired: bool


@dataclass(frozen=True)
class VocabularyLine:
    """`uses` says where its terms are chosen, as “Detention: custody status”."""

    name: str
    title: str
    closed: bool
    terms: tuple[TermLine, ...]
    uses: tuple[str, ...]


@bp.get("/settings/vocabularies")
@allow(Role.ADMIN)
def vocabulary_list() -> str:
    rows: dict[str, list[TermRow]] = {}
    for row in term_rows(session()):
        rows.setdefault(row.vocabulary, []).append(row)
    lines = [_line(name, rows.get(name, [])) for name in vocabularies()]
    lines.sort(key=lambda line: (line.closed, line.title))
    return render_template("vocabulary/vocabulary_list.html", vocabularies=lines)


@bp.get("/settings/vocabularies/<name>")
@allow(Role.ADMIN)
def terms(name: str) -> Page:
    return _page(name)


@bp.post("/settings/vocabularies/<name>")
@allow(Role.ADMIN)
def add(name: str) -> Page:
    _known(name)
    form = TermForm()
    form.validate()
    try:
        row = add_term(work(), name, form.said())
    except FieldErrors as errors:
        form.show(errors)
        return _page(name, form), 422
    except NotAllowed as refused:
        return _refused(name, refused)
    commit()
    flash(f"“{row.label}” is added. It is offered from now on.")
    return redirect(url_for("vocabulary.terms", name=name, _anchor=f"term-{row.code}"), 303)


@bp.post("/settings/vocabularies/<name>/<code>")
@allow(Role.ADMIN)
def save(name: str, code: str) -> Page:
    _known(name)
    form = TermForm(prefix=code)
    form.validate()
    try:
        edit_term(work(), name, form.said(code), form.read.data or "")
    except FieldErrors as errors:
        form.show(errors)
        return _page(name, edited=form, code=code), 422
    except WrongState as stale:
        form.form_errors.append(stale.message)
        return _page(name, edited=form, code=code), 409
    except NotAllowed as refused:
        return _refused(name, refused)
    commit()
    flash(f"“{form.said(code).label}” is saved.")
    return redirect(url_for("vocabulary.terms", name=name, _anchor=f"term-{code}"), 303)


@bp.post("/settings/vocabularies/<name>/<code>/<any(retire, restore):step>")
@allow(Role.ADMIN)
def change_use(name: str, code: str, step: str) -> Page:
    _known(name)
    try:
        if step == "retire":
            retire_term(work(), name, code)
        else:
            restore_term(work(), name, code)
    except NotAllowed as refused:
        return _refused(name, refused)
    commit()
    told = "It is not offered any more; what was coded with it keeps it."
    flash(told if step == "retire" else "It is offered again.")
    return redirect(url_for("vocabulary.terms", name=name, _anchor=f"term-{code}"), 303)


def _page(
    name: str, form: TermForm | None = None, edited: TermForm | None = None, code: str = ""
) -> str:
    """`edited` is the form of the term that was posted; the others stand as they are."""
    _known(name)
    rows = term_rows(session(), name)
    line, marks = _line(name, rows), {row.code: words_mark(row) for row in rows}
    forms = {
        term.code: edited
        if edited is not None and term.code == code
        else TermForm(
            prefix=term.code,
            formdata=None,
            data={"label": term.label, "definition": term.definition, "example": term.example},
        )
        for term in line.terms
        if not term.shipped
    }
    for added, one in forms.items():
        if one is not edited or one.form_errors:
            # Sent again, it is saved over what is shown now.
            one.read.data = marks[added]
    return render_template(
        "vocabulary/terms.html",
        vocabulary=line,
        form=form or TermForm(formdata=None),
        forms=forms,
        edited=code,
    )


def _refused(name: str, refused: NotAllowed) -> Response:
    flash(refused.message, "bad")
    return redirect(url_for("vocabulary.terms", name=name), 303)


def _known(name: str) -> None:
    if name not in vocabularies():
        raise NotFound


def _line(name: str, rows: Sequence[TermRow]) -> VocabularyLine:
    return VocabularyLine(
        name=name,
        title=name.replace("_", " ").capitalize(),
        closed=vocabularies()[name].closed,
        terms=tuple(
            TermLine(
                row.code,
                row.label,
                row.definition,
                row.example,
                row.shipped,
                row.retired_at is not None,
            )
            for row in rows
        ),
        uses=tuple(
            f"{declared.label}: {detail.label.lower()}"
            for declared, detail in every_detail()
            if detail.vocabulary == name
        ),
    )

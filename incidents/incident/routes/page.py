"""One incident with what its viewer may do to it, its history, and the moves its author makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from incidents.errors import FieldErrors
from incidents.incident.actions import move, restrict
from incidents.incident.queries.history import HistoryEntry, history_of
from incidents.incident.queries.lookup import incident_by_reference
from incidents.incident.queries.page import incident_page
from incidents.incident.queries.views import IncidentPage
from incidents.incident.routes.blueprint import bp
from incidents.review.forms import decision_form
from incidents.review.queries import CorrectionLine, correction_line
from incidents.viewer import Role
from incidents.vocabulary.types import vocabulary
from incidents.web import EVERYBODY, allow, commit, services, session, version_read, viewer, work

RECORDERS = (Role.RESEARCHER, Role.REVIEWER)
QUESTIONS = (
    "Does the quote say this?",
    "Are time and place right?",
    "Is it logged already?",
    "Could it endanger anyone?",
)
_DONE = {
    "submit": "{} is waiting for review.",
    "withdraw": "{} is a draft again.",
    "reopen": "{} is a draft again.",
}
_AUTHORS_MOVES = frozenset(_DONE)
_TONES = {"submit": "main", "approve": "main", "reject": "bad", "retract": "bad"}
_HEADINGS = {
    "return": "Return it, with a reason",
    "reject": "Reject it",
    "retract": "Retract it",
    "assess": "Assess how far it is to be believed",
    "restrict": "Show it to fewer people",
}
_HELP = {
    "return": "It becomes a draft again, with your words on the author’s desk.",
    "reject": "For what should not be in this database. What only needs more work is returned.",
    "retract": "It leaves the listing, totals and exports; a tombstone with your reason stays.",
    "restrict": "At once, and in any status. Opening it up again is an edit, and reviewed as one.",
}
_VOCABULARIES = {"reject": "rejection", "assess": "assessment", "restrict": "publication"}


@dataclass(frozen=True)
class Act:
    """One thing this viewer may do now, as a button or a small form."""

    name: str
    label: str
    url: str
    tone: str = ""
    heading: str = ""
    help: str = ""
    form: Form | None = None
    hidden: Mapping[str, Any] = field(default_factory=dict)
    open: bool = False


@bp.get("/incidents/<reference>")
@allow(*EVERYBODY)
def show(reference: str) -> str:
    return render_incident(reference)


def render_incident(reference: str, refused: tuple[str, Form] | None = None) -> str:
    """The page; `refused` is the act whose form was filled wrongly, to be shown open as it was."""
    asking = viewer()
    page = incident_page(session(), asking, services().keyring, reference)
    correction = correction_line(session(), asking, services().keyring, page.id)
    history: tuple[HistoryEntry, ...] = ()
    if asking.internal:
        history = history_of(session(), asking, services().keyring, reference)[1]
    return render_template(
        "incident/show.html",
        incident=page,
        decision=_decision_note(page),
        correction=correction and _correction(page, correction, refused),
        questions=QUESTIONS if page.may_decide and page.status == "submitted" else (),
        acts=_acts(page, refused),
        edit_url=_edit_url(page, correction),
        edit_label="Edit" if page.may_edit else "Propose a correction",
        history_url=url_for("incident.history", reference=reference) if asking.internal else None,
        history=history,
    )


@bp.get("/incidents/<reference>/history")
@allow(*RECORDERS)
def history(reference: str) -> str:
    _, entries = history_of(session(), viewer(), services().keyring, reference)
    page = incident_page(session(), viewer(), services().keyring, reference)
    return render_template("incident/history.html", incident=page, entries=entries)


@bp.post("/incidents/<reference>/<any(submit, withdraw, reopen):step>")
@allow(*RECORDERS)
def move_status(reference: str, step: str) -> Response:
    """An incomplete record opens in its form, which says what is missing."""
    doing = work()
    incident = incident_by_reference(doing.session, doing.actor, reference)
    try:
        move(doing, incident, step, version_read())
    except FieldErrors:
        return redirect(url_for("incident.edit", reference=reference, submit=1), 303)
    commit()
    flash(_DONE[step].format(reference), "ok")
    return redirect(url_for("incident.show", reference=reference), 303)


@bp.post("/incidents/<reference>/restrict")
@allow(*RECORDERS)
def restrict_publication(reference: str) -> Response | tuple[str, int]:
    doing = work()
    incident = incident_by_reference(doing.session, doing.actor, reference)
    terms = vocabulary("publication").terms.values()
    form: Any = decision_form("restrict", request.form, terms, incident.publication)
    if form.validate():
        names = (form.accounts.data or "").split(",")
        version = version_read()
        try:
            restrict(doing, reference, version, form.publication.data, names)
        except FieldErrors as errors:
            show_errors(form, errors)
        else:
            commit()
            flash(f"{reference} is now shown to fewer people.", "ok")
            return redirect(url_for("incident.show", reference=reference), 303)
    session().rollback()
    return render_incident(reference, ("restrict", form)), 422


def show_errors(form: Any, errors: FieldErrors) -> None:
    """Each error beside its field; what has no field stands at the form's first."""
    for path, messages in errors.errors.items():
        target = form[path] if path in form else next(iter(form))
        target.errors = [*target.errors, *messages]


def _decision_note(page: IncidentPage) -> Mapping[str, Any] | None:
    last = next((one for one in page.decisions if one.decision in _TOLD), None)
    if last is None or not page.returned:
        return None
    tone, words = _TOLD[last.decision]
    if page.duplicate_of:
        words += f" as a duplicate of {page.duplicate_of}"
    told = {"tone": tone, "words": f"{words} by {last.reviewer}"}
    return {**told, "at": last.decided_at, "reason": last.reason}


_TOLD = {
    "return": ("warn", "Returned"),
    "reject": ("bad", "Rejected"),
    "retract": ("bad", "Retracted"),
}


def _edit_url(page: IncidentPage, correction: CorrectionLine | None) -> str | None:
    if page.may_edit:
        return url_for("incident.edit", reference=page.reference)
    if page.may_correct and correction is None:
        return url_for("review.correct", reference=page.reference)
    return None


def _acts(page: IncidentPage, refused: tuple[str, Form] | None) -> tuple[Act, ...]:
    acts = [_act(page, step.name, step.label, refused) for step in page.transitions]
    if page.may_decide and page.status in ("submitted", "approved"):
        acts.append(_act(page, "assess", "Save the assessment", refused))
    if page.may_restrict:
        acts.append(_act(page, "restrict", "Show it to fewer people", refused))
    return tuple(acts)


def _act(page: IncidentPage, name: str, label: str, refused: tuple[str, Form] | None) -> Act:
    if name in _AUTHORS_MOVES:
        url = url_for("incident.move_status", reference=page.reference, step=name)
    elif name == "restrict":
        url = url_for("incident.restrict_publication", reference=page.reference)
    else:
        url = url_for("review.decide", reference=page.reference, step=name)
    form = None
    if name in _HEADINGS:
        form = _form(name, refused, page.assessment if name == "assess" else page.publication)
    return Act(
        name=name,
        label=label,
        url=url,
        tone=_TONES.get(name, ""),
        heading=_HEADINGS.get(name, ""),
        help=_HELP.get(name, ""),
        form=form,
        hidden={"version": page.version},
        open=refused is not None and refused[0] == name,
    )


def _form(name: str, refused: tuple[str, Form] | None, current: str | None) -> Form:
    if refused is not None and refused[0] == name:
        return refused[1]
    listed = vocabulary(_VOCABULARIES[name]).terms.values() if name in _VOCABULARIES else ()
    return decision_form(name, None, listed, current)


def _correction(
    page: IncidentPage, line: CorrectionLine, refused: tuple[str, Form] | None
) -> Mapping[str, Any]:
    """The open correction with what this viewer may do to it."""
    acts = []
    if line.may_edit:
        acts.append(_correction_act(line, "submit", "Submit the correction", refused))
    if line.may_withdraw:
        acts.append(_correction_act(line, "withdraw", "Withdraw the correction", refused))
    if line.may_decide and line.status == "submitted":
        acts.append(_correction_act(line, "approve", "Approve the correction", refused))
        acts.append(_correction_act(line, "return", "Return the correction", refused))
        acts.append(_correction_act(line, "reject", "Reject the correction", refused))
    edit = url_for("review.correct", reference=page.reference) if line.may_edit else None
    shown = {name: getattr(line, name) for name in ("status", "author", "at", "reason", "stale")}
    return {**shown, "changes": line.changes, "edit_url": edit, "acts": tuple(acts)}


def _correction_act(
    line: CorrectionLine, step: str, label: str, refused: tuple[str, Form] | None
) -> Act:
    name = f"correction-{step}"
    form = None
    if step in ("return", "reject"):
        is_refused = refused is not None and refused[0] == name
        form = refused[1] if is_refused and refused else decision_form(name, None, ())
    return Act(
        name=name,
        label=label,
        url=url_for("review.decide_correction", correction_id=line.id, step=step),
        tone=_TONES.get(step, ""),
        heading=label,
        form=form,
        hidden={"version": line.version},
        open=refused is not None and refused[0] == name,
    )

"""A party recorded before any incident names it: a ministry, its police, who must not be coded."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.incident.actions import PartySaid, add_party
from incidents.incident.forms.party import VOCABULARIES, PartyForm
from incidents.incident.models import Party
from incidents.incident.queries.party import party_meant
from incidents.incident.queries.suggested_parties import parties_meant
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.vocabulary.queries import choices
from incidents.web import allow, commit, session, viewer, work

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class _Shown:
    """As the form's page asks of it; there is no party yet, and its name may be typed."""

    party: None = None
    name: str = "shown"


@bp.route("/parties/new", methods=["GET", "POST"])
@allow(*RECORDERS)
def party_new() -> Answer:
    """Protected unless somebody says otherwise."""
    form = PartyForm(data={"kind": "individual", "privacy": "protected"})
    form.name_shown.data = "1"
    if request.method == "GET":
        return _page(form)
    made = _made(form)
    if made is None:
        session().rollback()
        return _page(form), 422
    commit()
    flash(f"“{made.label}” is recorded.")
    return redirect(url_for("incident.party", party_id=made.id), 303)


def _made(form: PartyForm) -> Party | None:
    """The party, or every error in the form."""
    doing, valid, parent = work(), form.validate(), None
    try:
        parent = party_meant(
            doing.session, doing.actor, form.parent.data or "", form.parent_id.data or ""
        )
    except FieldErrors as errors:
        form.show(errors)
        valid = False
    said = form.said(parent)
    try:
        _refuse_known(said)
        made = add_party(doing, said)
    except FieldErrors as errors:
        form.show(errors)
        return None
    return made if valid else None


def _refuse_known(said: PartySaid) -> None:
    """A public name is one party's; the same label of two protected people is nothing unusual."""
    label = said.label.strip() or (said.name or "").strip()
    if said.privacy != "public" or not label:
        return
    known = parties_meant(session(), viewer(), [label], set()).get(fold(label), ())
    if any(one.known for one in known):
        raise FieldErrors({"label": f"“{label}” is a party already; say which this is."})


def _page(form: PartyForm) -> str:
    form.offer(choices(session(), *VOCABULARIES))
    return render_template("incident/party_edit.html", form=form, shown=_Shown())

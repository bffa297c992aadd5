"""Merging two parties: finding the other, comparing both, merging, and taking it back."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from incidents.db import LARGEST_ROW
from incidents.errors import FieldErrors
from incidents.incident.actions import MergeAsked, merge_parties, undo_merge
from incidents.incident.actions.party_merge import may_merge, merge_faults
from incidents.incident.forms.party import MergeForm
from incidents.incident.models import Party
from incidents.incident.queries.lookup import whole_parties
from incidents.incident.queries.parties import parties_like
from incidents.incident.queries.party import (
    PartyPage,
    incidents_of_both,
    party_page,
    standing_party,
)
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.incident.routes.parties import LONGEST_SEARCH, Answer
from incidents.web import allow, commit, services, session, version_read, viewer, work


@dataclass(frozen=True)
class Comparison:
    """The party that goes, the one that stays, and what speaks against it."""

    party: PartyPage
    into: PartyPage
    faults: tuple[str, ...]
    # Protecting the one that stays is all that is missing.
    may_protect: bool
    may: bool
    both: tuple[str, ...]
    related: bool


@bp.get("/parties/<int:party_id>/merge")
@allow(*RECORDERS)
def party_merge(party_id: int) -> Answer:
    standing = standing_party(session(), viewer(), party_id)
    if request.args.get("into"):
        number = request.args.get("into", 0, type=int)
        into = standing_party(session(), viewer(), number if 0 < number <= LARGEST_ROW else 0)
        form = MergeForm(formdata=None)
        return _compared(standing, into, form)
    text = request.args.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    # Before anything is typed, those called as this one is.
    asked = text or standing.label
    found = parties_like(session(), viewer(), services().keyring, asked, but=standing.id or 0)
    page = party_page(session(), viewer(), services().keyring, standing)
    return render_template("incident/party_merge.html", party=page, q=text, found=found)


@bp.post("/parties/<int:party_id>/merge")
@allow(*RECORDERS)
def merge(party_id: int) -> Answer:
    doing, form = work(), MergeForm()
    party = standing_party(doing.session, doing.actor, party_id)
    asked = MergeAsked(
        party=party_id,
        version=form.number("version"),
        into=form.number("into"),
        into_version=form.number("into_version"),
        reason=form.reason.data or "",
        protect=request.form.get("protect") == "1",
    )
    if form.validate():
        try:
            into = merge_parties(doing, asked)
        except FieldErrors as errors:
            form.form_errors.extend(one for several in errors.errors.values() for one in several)
        else:
            told = f"“{party.label}” is merged into “{into.label}”. It can be undone here."
            commit()
            flash(told)
            return redirect(url_for("incident.party", party_id=into.id), 303)
    session().rollback()
    standing = standing_party(session(), viewer(), party_id)
    other = standing_party(session(), viewer(), asked.into)
    return _compared(standing, other, form), 422


@bp.post("/parties/<int:party_id>/undo-merge")
@allow(*RECORDERS)
def party_undo_merge(party_id: int) -> Answer:
    party = undo_merge(work(), party_id, version_read())
    commit()
    flash(f"“{party.label}” stands for itself again.")
    return redirect(url_for("incident.party", party_id=party.id), 303)


def _compared(standing: Party, into: Party, form: Any) -> str:
    reading, asking, keyring = session(), viewer(), services().keyring
    wholes = whole_parties(reading, [standing.id or 0, into.id or 0])
    members, others = wholes[standing.id or 0], wholes[into.id or 0]
    party, other = (party_page(reading, asking, keyring, one) for one in (standing, into))
    same = standing.id == into.id
    faults = list(merge_faults(members, into))
    if same:
        faults = ["This is the same party: choose another."]
    comparison = Comparison(
        party=party,
        into=other,
        faults=tuple(faults),
        may_protect=not same and into.privacy == "label" and party.privacy == "protected",
        may=may_merge(services().work(reading, asking), (standing, into)),
        both=() if same else incidents_of_both(reading, asking, members, others),
        related=any(one.other.id == other.id for one in party.related),
    )
    form.into.data, form.version.data = str(into.id), str(standing.version)
    form.into_version.data = str(into.version)
    return render_template("incident/party_merge.html", party=party, compared=comparison, form=form)

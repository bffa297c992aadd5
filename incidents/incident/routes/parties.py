"""Parties: their list, the page of one, showing and erasing its name."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors
from incidents.incident.actions import (
    Revealed,
    erase_party,
    reveal_names,
)
from incidents.incident.forms.party import EraseForm
from incidents.incident.models import Party
from incidents.incident.queries.parties import BY_LABEL, ORDERS, PartiesAsked, page_of_parties
from incidents.incident.queries.party import (
    party_page,
    standing_party,
)
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.paging import page_asked
from incidents.viewer import Role
from incidents.vocabulary.types import vocabulary
from incidents.web import EVERYBODY, allow, commit, services, session, viewer, work

Answer = Response | str | tuple[str, int]
LONGEST_SEARCH = 300


@bp.get("/parties")
@allow(*EVERYBODY)
def parties() -> Answer:
    wanted = PartiesAsked(
        q=request.args.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        kind=request.args.get("kind", ""),
    )
    kinds = {term.code: term.label for term in vocabulary("party_kind").terms.values()}
    if wanted.kind not in kinds:
        wanted = replace(wanted, kind="")
    try:
        asked = page_asked("", request.args.get("after", ""), ORDERS, default=BY_LABEL)
    except FieldErrors:
        return redirect(_list_url(wanted, None), 303)
    page = page_of_parties(session(), viewer(), services().keyring, asked, wanted)
    return render_template(
        "incident/parties.html",
        page=page,
        wanted=wanted,
        kinds=kinds,
        previous_url=_list_url(wanted, page.previous),
        next_url=_list_url(wanted, page.next),
    )


@bp.get("/parties/<int:party_id>")
@allow(*EVERYBODY)
def party(party_id: int) -> Answer:
    standing = standing_party(session(), viewer(), party_id)
    if standing.id != party_id:
        return redirect(url_for("incident.party", party_id=standing.id), 302)
    return _page(standing)


@bp.post("/parties/<int:party_id>/name")
@allow(*RECORDERS)
def party_name(party_id: int) -> Answer:
    """Answered at once and not after a redirect: the name is shown here and kept nowhere."""
    doing = work()
    standing = standing_party(doing.session, doing.actor, party_id)
    names = reveal_names(doing, standing.id or 0)
    answer = _page(standing, names=names)
    commit()
    return answer


@bp.post("/parties/<int:party_id>/erase")
@allow(Role.REVIEWER, Role.ADMIN)
def party_erase(party_id: int) -> Answer:
    doing = work()
    standing = standing_party(doing.session, doing.actor, party_id)
    form = EraseForm()
    if form.validate():
        try:
            erased = erase_party(
                doing, standing.id or 0, form.reason.data or "", label=form.label.data or ""
            )
        except FieldErrors as errors:
            for path, messages in errors.errors.items():
                form[path].errors = messages
        else:
            commit()
            flash(f"The name of “{erased.label}” is erased.")
            return redirect(url_for("incident.party", party_id=erased.id), 303)
    doing.session.rollback()
    return _page(standing_party(session(), viewer(), party_id), erasing=form), 422


def _page(
    standing: Party,
    *,
    names: tuple[Revealed, ...] | None = None,
    erasing: EraseForm | None = None,
) -> str:
    """`names` are those just shown; `erasing` is the form that was filled wrongly."""
    page = party_page(session(), viewer(), services().keyring, standing)
    return render_template(
        "incident/party.html",
        party=page,
        names=names,
        erasing=erasing,
        erase_form=(erasing or EraseForm(formdata=None)) if page.may_erase else None,
    )


def _list_url(wanted: PartiesAsked, after: str | None) -> str:
    pairs: Mapping[str, str] = {**wanted.to_args(), **({"after": after} if after else {})}
    address = url_for("incident.parties")
    return f"{address}?{urlencode(pairs)}" if pairs else address

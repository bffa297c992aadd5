"""Parties: their list, the page of one, its form, showing and erasing its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from incidents.errors import FieldErrors, Stale
from incidents.incident.actions import (
    Revealed,
    edit_party,
    erase_party,
    reveal_name,
    reveal_names,
)
from incidents.incident.actions.party_names import may_read_name
from incidents.incident.forms.party import VOCABULARIES, EraseForm, PartyForm
from incidents.incident.models import Party
from incidents.incident.queries.lookup import parents_told
from incidents.incident.queries.parties import BY_LABEL, ORDERS, PartiesAsked, page_of_parties
from incidents.incident.queries.party import (
    links_to,
    party_meant,
    party_page,
    standing_party,
)
from incidents.incident.queries.party_history import PartyChange
from incidents.incident.queries.sealed import party_names
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.paging import page_asked
from incidents.viewer import Role
from incidents.vocabulary.queries import choices
from incidents.vocabulary.types import vocabulary
from incidents.web import EVERYBODY, allow, commit, services, session, viewer, work

Answer = Response | str | tuple[str, int]
LONGEST_SEARCH = 300
_FIELDS = ("kind", "label", "privacy", "sex", "age", "occupation", "sort", "note")


@dataclass(frozen=True)
class _Shown:
    """What the form's page says beside the fields. `name`: shown, sealed, kept or erased."""

    party: Party
    name: str
    conflict: Sequence[PartyChange] = ()
    stale: bool = False


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


@bp.route("/parties/<int:party_id>/edit", methods=["GET", "POST"])
@allow(*RECORDERS)
def party_edit(party_id: int) -> Answer:
    standing = standing_party(session(), viewer(), party_id)
    if standing.id != party_id:
        return redirect(url_for("incident.party_edit", party_id=standing.id), 302)
    shown = _Shown(standing, _name_state(standing))
    if request.method == "GET":
        return _form_page(_filled(shown), shown)
    form = PartyForm()
    if request.form.get("show") == "name":
        return _name_shown(form, shown)
    return _saved(form, shown)


def _saved(form: PartyForm, shown: _Shown) -> Answer:
    """Write it, or all that is wrong at once; what was typed stays."""
    doing, party_id = work(), shown.party.id or 0
    valid, parent = form.validate(), None
    try:
        parent = party_meant(
            doing.session, doing.actor, form.parent.data or "", form.parent_id.data or ""
        )
        if parent is None and not _parent_told(shown.party):
            # Who can't see whom it belongs to leaves that as it is.
            parent = shown.party.parent_id
    except FieldErrors as errors:
        form.show(errors)
        valid = False
    try:
        # Also where something is wrong already: everything that is wrong is said at once.
        edit_party(doing, party_id, form.read_version, form.said(parent))
    except FieldErrors as errors:
        form.show(errors)
        valid = False
    except Stale as stale:
        return _conflict(form, party_id, stale)
    if not valid:
        doing.session.rollback()
        return _form_page(form, replace(shown, name=_kept_state(form, shown))), 422
    commit()
    flash("The party is saved.")
    return redirect(url_for("incident.party", party_id=party_id), 303)


def _conflict(form: PartyForm, party_id: int, stale: Stale) -> Answer:
    """What is stored now stands beside what was typed; sent again, that is what is saved."""
    session().rollback()
    standing = standing_party(session(), viewer(), party_id)
    shown = _Shown(standing, _name_state(standing), stale=True)
    stored = _stored(standing)
    changes = [
        PartyChange(form[name].label.text, _said(name, stored[name]), _said(name, form[name].data))
        for name in (*_FIELDS, "parent")
        if (stored[name] or "") != (form[name].data or "")
    ]
    form.version.data = str(stale.current_version)
    state = _kept_state(form, shown)
    return _form_page(form, replace(shown, conflict=changes, name=state)), 409


def _name_shown(form: PartyForm, shown: _Shown) -> Answer:
    """The form again with the name in it, which the log tells; what was typed stays."""
    doing = work()
    name, aliases = reveal_name(doing, shown.party.id or 0)
    form.name.data, form.aliases.data = name or "", "\n".join(aliases)
    form.name_shown.data = "1"
    answer = _form_page(form, replace(shown, name="shown"))
    commit()
    return answer


def _name_state(standing: Party) -> str:
    """Whether the form shows the name: one that is protected only once somebody asks."""
    if standing.erased_at is not None:
        return "erased"
    if standing.privacy != "protected" or standing.name_sealed is None:
        return "shown"
    return "sealed" if may_read_name(services().work(session(), viewer()), standing) else "kept"


def _kept_state(form: PartyForm, shown: _Shown) -> str:
    """A name once shown stays where it was typed."""
    return "shown" if form.name_shown.data and shown.name in ("sealed", "shown") else shown.name


def _filled(shown: _Shown) -> PartyForm:
    standing = shown.party
    told = standing.parent_id if _parent_told(standing) else None
    data = _stored(standing) | {"parent_id": str(told or "")}
    if shown.name == "shown":
        name, aliases = party_names(session(), services().keyring, standing)
        data |= {"name": name, "aliases": "\n".join(aliases), "name_shown": "1"}
    form = PartyForm(data=data)
    form.version.data = str(standing.version)
    return form


def _stored(standing: Party) -> dict[str, Any]:
    above = parents_told(session(), viewer(), [standing.parent_id])
    parent = links_to(session(), viewer(), list(above)).get(standing.parent_id or 0)
    values = {name: getattr(standing, name) for name in _FIELDS}
    return {**values, "parent": parent.label if parent else ""}


def _parent_told(standing: Party) -> bool:
    above = standing.parent_id
    return above is None or above in parents_told(session(), viewer(), [above])


def _said(name: str, value: Any) -> str:
    coded = {"kind": "party_kind", "privacy": "privacy", "sex": "sex", "sort": "party_sort"}
    return vocabulary(coded[name]).label(value) if name in coded and value else str(value or "")


def _form_page(form: PartyForm, shown: _Shown) -> str:
    form.offer(choices(session(), *VOCABULARIES, retired=True))
    return render_template("incident/party_edit.html", form=form, shown=shown)


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

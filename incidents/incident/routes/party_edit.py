"""A party's form. Its name stands in it once somebody who may read it asks, which the log tells."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from incidents.errors import FieldErrors
from incidents.incident.actions import edit_party, party_as_typed, reveal_name
from incidents.incident.actions.party_names import may_read_name
from incidents.incident.forms.party import VOCABULARIES, PartyForm
from incidents.incident.models import Party
from incidents.incident.queries.lookup import parents_told
from incidents.incident.queries.party import links_to, party_meant, standing_party
from incidents.incident.queries.party_history import party_then
from incidents.incident.queries.sealed import party_names
from incidents.incident.routes.blueprint import bp
from incidents.incident.routes.page import RECORDERS
from incidents.incident.routes.parties import Answer
from incidents.vocabulary.queries import choices
from incidents.web import allow, commit, services, session, viewer, work
from incidents.web.two_saves import Edited, Fields, going_back, saved_or_merged

_FIELDS = ("kind", "label", "privacy", "sex", "age", "occupation", "sort", "note")
_NAMES = (("name",), ("aliases",))
_PARTS = (
    *(("label",), ("kind",), ("privacy",), ("sex",), ("age",), ("occupation",), ("sort",)),
    *(("parent", "parent_id"), ("note",)),
)
# What is said of a name typed that can't be saved any more, by `_Shown.name`.
_STAYS = {
    "kept": "Only those who may read this name can change it: it stays as it is.",
    "erased": "This party’s name was erased and can’t be given again.",
}


@dataclass(frozen=True)
class _Shown:
    """What the form's page says beside the fields. `name`: shown, sealed, kept or erased."""

    party: Party
    name: str


@bp.route("/parties/<int:party_id>/edit", methods=["GET", "POST"])
@allow(*RECORDERS)
def party_edit(party_id: int) -> Answer:
    standing = standing_party(session(), viewer(), party_id)
    shown = _Shown(standing, _name_state(standing))
    if request.method == "GET":
        if standing.id != party_id:
            return redirect(url_for("incident.party_edit", party_id=standing.id), 302)
        return _form_page(_filled(shown), shown)
    form = PartyForm()
    if standing.id != party_id:
        told = f"It was merged into “{standing.label}” in between: write what is new there."
        form.form_errors.append(told)
        return _form_page(form, replace(shown, name=_kept_state(form, shown))), 409
    if request.form.get("show") == "name":
        return _name_shown(form, shown)
    if going_back():
        return _form_page(form, replace(shown, name=_kept_state(form, shown)))
    return _saved(form, shown)


def _saved(form: PartyForm, shown: _Shown) -> Answer:
    """Write it, or all that is wrong at once; what was typed stays."""
    party_id, valid = shown.party.id or 0, form.validate()
    if form.name_shown.data and shown.name in _STAYS:
        # Somebody protected or erased it while it was typed.
        form.name_shown.data, form.name.errors, valid = "", [_STAYS[shown.name]], False
    parent: int | None = None
    try:
        parent = _parent(form, party_id)
    except FieldErrors as errors:
        form.show(errors)
        valid = False
    saved: Party | tuple[str, int] | None = None
    try:
        if valid:
            saved = saved_or_merged(
                form, lambda: _edited(form, party_id), lambda: _write(form, party_id)
            )
        else:
            party_as_typed(work(), party_id, form.said(parent))
    except FieldErrors as errors:
        form.show(errors)
    if isinstance(saved, tuple):
        return _with_name_read(saved, form, shown)
    if saved is None:
        session().rollback()
        return _form_page(form, replace(shown, name=_kept_state(form, shown))), 422
    commit()
    flash("The party is saved.")
    return redirect(url_for("incident.party", party_id=party_id), 303)


def _write(form: PartyForm, party_id: int) -> Party:
    said = form.said(_parent(form, party_id))
    return edit_party(work(), party_id, form.read_version, said)


def _parent(form: PartyForm, party_id: int) -> int | None:
    """Who can't see whom it belongs to leaves that as it is. FieldErrors at `parent`."""
    typed, chosen = form.parent.data or "", form.parent_id.data or ""
    meant = party_meant(session(), viewer(), typed, chosen)
    if meant is None:
        standing = standing_party(session(), viewer(), party_id)
        return None if _parent_told(standing.parent_id) else standing.parent_id
    return meant


def _edited(form: PartyForm, party_id: int) -> Edited:
    standing = standing_party(session(), viewer(), party_id)
    form.offer(choices(session(), *VOCABULARIES, retired=True))
    named = bool(form.name_shown.data)

    def then(payload: Any) -> Fields | None:
        before = party_then(session(), services().keyring, standing, payload)
        return before and _fields(before, named)

    def typed() -> Fields:
        # Not checked yet: what was changed in between may be what allows it.
        said = form.said(_parent(form, party_id))
        return _fields({**asdict(said), "parent_id": said.parent}, named)

    return Edited(
        entity="party",
        id=party_id,
        version=standing.version,
        fields=_stored(standing, named),
        parts=(*_PARTS, *(_NAMES if named else ())),
        then=then,
        typed=typed,
        heading="Edit this party",
        listed=("Parties", url_for("incident.parties")),
        save_label="Save the party",
    )


def _with_name_read(page: tuple[str, int], form: PartyForm, shown: _Shown) -> Answer:
    """A page with the sides of a name, which the log tells."""
    if form.name_shown.data and shown.name == "sealed":
        reveal_name(work(), shown.party.id or 0)
        commit()
    return page


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
    named = shown.name == "shown"
    form = PartyForm(data={**_stored(shown.party, named), "name_shown": "1" if named else ""})
    form.version.data = str(shown.party.version)
    return form


def _stored(standing: Party, named: bool) -> Fields:
    said = {name: getattr(standing, name) for name in (*_FIELDS, "parent_id")}
    if named:
        said["name"], said["aliases"] = party_names(session(), services().keyring, standing)
    return _fields(said, named)


def _fields(said: Mapping[str, Any], named: bool) -> Fields:
    """The form's data, with the name only where it is shown, and a parent this viewer may know."""
    above = said["parent_id"] if _parent_told(said["parent_id"]) else None
    parent = links_to(session(), viewer(), [above]).get(above) if above else None
    names = {"name": said["name"], "aliases": "\n".join(said["aliases"])} if named else {}
    return {
        **{name: said[name] for name in _FIELDS},
        **names,
        "parent": parent.label if parent else "",
        "parent_id": str(above or ""),
    }


def _parent_told(above: int | None) -> bool:
    return above is None or above in parents_told(session(), viewer(), [above])


def _form_page(form: PartyForm, shown: _Shown) -> str:
    form.offer(choices(session(), *VOCABULARIES, retired=True))
    return render_template("incident/party_edit.html", form=form, shown=shown)

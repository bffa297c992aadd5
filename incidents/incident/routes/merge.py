"""The merge page of an incident: base, theirs and mine of every part two people changed, and what
is chosen. The plain forms’ is `web.two_saves`, which this shares the page with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import render_template, request

from incidents.errors import FieldErrors
from incidents.incident.actions.two_saves import Comparison, compared, merged_record
from incidents.incident.forms import IncidentForm
from incidents.incident.queries.two_saves import part_label, part_lines, sides_of
from incidents.incident.record import Record
from incidents.incident.record.parts import part_of
from incidents.incident.routes.shown import Shown
from incidents.three_way import SIDES, chosen
from incidents.web import services, session, viewer, work
from incidents.web.two_saves import CHOOSE, Row, is_merging, ticked, typed_fields


@dataclass(frozen=True)
class Thing:
    """What is saved, by kind and id, and the version it has now."""

    entity: str
    id: int
    version: int


Saved = TypeVar("Saved")


def merged(
    form: IncidentForm, shown: Shown, thing: Thing, write: Callable[[Record, int], Saved]
) -> Saved | tuple[str, int]:
    """What `write` returns for the chosen record and the version it replaces; else the page that
    asks. FieldErrors for what can't be read of what was typed: the form itself comes first.
    """
    doing, entry = work(), form.entry()
    place = (thing.entity, thing.id)
    sides = sides_of(
        session(), viewer(), services().keyring, place, form.read_version, thing.version
    )
    comparison = compared(doing, entry, sides)
    proposed = comparison.proposed
    told = ""
    if proposed and request.form.get("merge_version") != str(thing.version):
        told = "again" if is_merging() else "fresh"
    choices = chosen(_ticked(comparison, place), proposed)
    missing = {path: CHOOSE for path, side in choices.items() if not side}
    if told:
        return _page(form, shown, comparison, choices, told=told), 409
    if missing:
        return _page(form, shown, comparison, choices, missing), 422
    try:
        return write(merged_record(doing, entry, comparison, choices), thing.version)
    except FieldErrors as errors:
        wrong = {path: " ".join(messages) for path, messages in errors.errors.items()}
        return _page(form, shown, comparison, choices, wrong), 422


def _ticked(comparison: Comparison, place: tuple[str, int]) -> dict[str, str]:
    """What was chosen, but for parts somebody changed again since the page was made."""
    found = ticked()
    seen = request.form.get("merge_version", "")
    if not found or seen == str(comparison.sides.version):
        return found
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    older = sides_of(
        session(), viewer(), services().keyring, place, version, comparison.sides.version
    )
    return {
        path: side
        for path, side in found.items()
        if path in comparison.proposed
        and part_of(older.base, path) == part_of(comparison.sides.theirs, path)
    }


def _page(
    form: IncidentForm,
    shown: Shown,
    comparison: Comparison,
    choices: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    told: str = "",
) -> str:
    errors = errors or {}
    declared = form.declared
    rows = [
        Row(
            path,
            part_label(path, declared.code),
            {one: part_lines(comparison.record(one), path, comparison.words) for one in SIDES},
            side,
            errors.get(path, ""),
        )
        for path, side in choices.items()
    ]
    session().rollback()
    return render_template(
        "incident/merge.html",
        form=form,
        shown=shown,
        sides=comparison.sides,
        known=SIDES,
        rows=rows,
        told=told,
        # What has no row here: a rule the two sides break together.
        others=[message for path, message in errors.items() if path not in choices],
        asks=(),
        typed=typed_fields(),
    )

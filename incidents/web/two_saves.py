"""What a stale save of a plain form opens: a page that asks, part by part, whose is saved.

Owns the page and what is chosen on it; what was typed travels in the page itself. Knows no feature:
what is edited says of itself how its versions fill the form.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import render_template, request

from incidents.audit.actions import lock
from incidents.audit.queries import Save, saves_of
from incidents.errors import FieldErrors
from incidents.three_way import SIDES, changed_by, chosen, differs
from incidents.web.request import session, work
from incidents.web.unsaved import KEPT_FIELDS, Keeping

CHOOSE = "Both of you changed this: choose one."
_PREFIX = "merge."
_NOT_TYPED = KEPT_FIELDS | {"then", "merge_version", "merge_back"}
Fields = Mapping[str, Any]
Saved = TypeVar("Saved")


@dataclass(frozen=True)
class Row:
    """One part: a line or more of each side, and the side that is ticked."""

    path: str
    label: str
    lines: Mapping[str, tuple[str, ...]]
    ticked: str
    error: str = ""


@dataclass(frozen=True)
class Edited:
    """What a plain form edits, as it is stored now; `fields` are the form's data for it.

    A part is the fields that are chosen together: the first one's label stands over them.
    """

    entity: str
    id: int
    version: int
    fields: Fields
    parts: tuple[tuple[str, ...], ...]
    # The form's data for a revision's payload; None where that can't be told any more.
    then: Callable[[Any], Fields | None]
    # The form's data for what was typed, as it would be stored. FieldErrors for what can't be read.
    typed: Callable[[], Fields]
    heading: str
    # The words and the address of the list it stands in.
    listed: tuple[str, str]
    save_label: str
    keeping: Keeping | None = None


@dataclass(frozen=True)
class _Comparison:
    edited: Edited
    # `base` is missing where nobody knows what the form was opened on.
    sides: Mapping[str, Fields]
    save: Save | None

    @property
    def proposed(self) -> dict[str, str]:
        """Part → the side that alone changed it, "" where both did; without what agrees."""
        found = {}
        for part in self.edited.parts:
            base, theirs, mine = (_said(self.sides.get(side), part) for side in SIDES)
            if differs(theirs, mine):
                found[part[0]] = changed_by(base, theirs, mine) if base is not None else ""
        return found


def going_back() -> bool:
    """Whether the button that leads from a merge page back to the form was pressed."""
    return "merge_back" in request.form


def is_merging() -> bool:
    """Whether a merge page was sent, and not that button."""
    return "merge_version" in request.form and not going_back()


def ticked() -> dict[str, str]:
    """Part → the side that was chosen on the page that was sent."""
    return {
        name.removeprefix(_PREFIX): side
        for name, side in request.form.items()
        if name.startswith(_PREFIX)
    }


def typed_fields() -> list[tuple[str, str]]:
    """What was typed, for a page to send along; as a browser has it: it writes CRLF itself."""
    return [
        (name, value.replace("\r\n", "\n"))
        for name, value in request.form.items(multi=True)
        if name not in _NOT_TYPED and not name.startswith(_PREFIX)
    ]


def saved_or_merged(
    form: Any, edited: Callable[[], Edited], write: Callable[[], Saved]
) -> Saved | tuple[str, int]:
    """What `write` returns; else the page that asks. Where somebody saved since the form was
    opened, the form holds by then what was chosen of each part, and the version it replaces.

    FieldErrors for what can't be read of what was typed: the form itself comes first.
    """
    # Nobody saves from here on, so that what is compared is what is replaced.
    lock(work())
    session().expire_all()
    now = edited()
    if form.read_version == now.version:
        return write()
    comparison = _compared(now, form.read_version)
    proposed = comparison.proposed
    if not proposed or ("base" in comparison.sides and set(proposed.values()) <= {"mine"}):
        # What was saved in between is none of these fields, or the same.
        form.version.data = str(now.version)
        return write()
    choices = chosen(_still_ticked(comparison), proposed)
    if request.form.get("merge_version") != str(now.version):
        return _page(form, comparison, choices, "again" if is_merging() else "fresh"), 409
    if not all(choices.values()):
        return _page(form, comparison, choices), 422
    for part in now.parts:
        side = choices.get(part[0], "mine")
        for name in part if side != "mine" else ():
            form[name].data = comparison.sides[side][name]
    form.version.data = str(now.version)
    try:
        return write()
    except FieldErrors as errors:
        form.show(errors)
        return _page(form, comparison, choices), 422


def _compared(now: Edited, read: int) -> _Comparison:
    saves = saves_of(session(), now.entity, now.id, (read, now.version))
    sides = {"theirs": now.fields, "mine": now.typed()}
    base = now.then(json.loads(saves[read].payload)) if read in saves else None
    if base is not None:
        sides["base"] = base
    return _Comparison(now, sides, saves.get(now.version))


def _still_ticked(comparison: _Comparison) -> dict[str, str]:
    """What was chosen, but for parts somebody changed again since the page was made."""
    now, found = comparison.edited, ticked()
    found = {path: side for path, side in found.items() if side in comparison.sides}
    seen = request.form.get("merge_version", "")
    if not found or seen == str(now.version):
        return found
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    saves = saves_of(session(), now.entity, now.id, (version,))
    older = now.then(json.loads(saves[version].payload)) if version in saves else None
    if older is None:
        return {}
    same = {part[0] for part in now.parts if _said(older, part) == _said(now.fields, part)}
    return {path: side for path, side in found.items() if path in same}


def _page(form: Any, comparison: _Comparison, choices: Mapping[str, str], told: str = "") -> str:
    now, save = comparison.edited, comparison.save
    rows = [_row(form, comparison, part, choices) for part in now.parts if part[0] in choices]
    if is_merging() and not told:
        rows = [one if one.ticked else replace(one, error=CHOOSE) for one in rows]
    shown = {name for part in now.parts if part[0] in choices for name in part}
    elsewhere = [field for field in form if field.name not in shown and field.errors]
    session().rollback()
    return render_template(
        "merge.html",
        form=form,
        shown=now,
        sides={
            "version": now.version,
            "who": save.who if save else "somebody else",
            "saved_at": save.at if save else None,
        },
        known=[side for side in SIDES if side in comparison.sides],
        rows=rows,
        told=told,
        others=[
            *form.form_errors,
            *(one for field in elsewhere if field.type != "BooleanField" for one in field.errors),
        ],
        asks=[field for field in elsewhere if field.type == "BooleanField"],
        typed=typed_fields(),
    )


def _row(
    form: Any, comparison: _Comparison, part: tuple[str, ...], choices: Mapping[str, str]
) -> Row:
    wrong = [message for name in part for message in form[name].errors]
    return Row(
        path=part[0],
        label=form[part[0]].label.text,
        lines={one: _lines(form, part, fields) for one, fields in comparison.sides.items()},
        ticked=choices[part[0]],
        error=" ".join(wrong),
    )


def _lines(form: Any, part: tuple[str, ...], fields: Fields) -> tuple[str, ...]:
    """One part in words; what belongs to its first field says which it is."""
    lines = []
    for name in part:
        field, said = form[name], _text(fields[name])
        if not said or (field.type == "HiddenField" and name != part[0]):
            continue
        labels = {one.value: one.label for one in getattr(field, "choices", None) or ()}
        said = str(labels.get(said, said))
        lines.append(said if name == part[0] else f"{field.label.text}: {said}")
    return tuple(lines)


def _said(fields: Fields | None, part: tuple[str, ...]) -> tuple[str, ...] | None:
    """Comparable; white space makes no difference but between lines."""
    if fields is None:
        return None
    texts = (_text(fields[name]).strip() for name in part)
    return tuple("\n".join(" ".join(line.split()) for line in text.splitlines()) for text in texts)


def _text(value: Any) -> str:
    return "" if value is None else str(value)

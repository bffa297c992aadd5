"""The figures of the incident's form: parts below their whole, and what of several is in totals."""

from typing import Any

from flask import request

from incidents import quantity
from incidents.incident.forms.rows import renumbered
from incidents.incident.record import FigureSaid
from incidents.incident.record.figures import beyond_their_whole

_MOST = 30
# What a press adds below a figure; nothing of it is kept until it has a number.
_PARTS: dict[str, tuple[dict[str, Any], ...]] = {
    "sex": ({"sex": "female"}, {"sex": "male"}),
    "age": ({"age_max": 17}, {"age_min": 18}),
    "one": ({},),
}


def broken_down(rows: Any) -> bool:
    """Add parts below the figure whose button was pressed: by sex, by age, or one more."""
    name, _, by = request.form.get("break_down", "").partition(" ")
    place = next((index for index, row in enumerate(rows) if row.name == name), None)
    parts = _PARTS.get(by, ())
    if place is None or rows[place].parent.data or len(rows.entries) + len(parts) > _MOST:
        return False
    whole = rows[place].form
    shared = {"measure": whole.measure.data, "citation": whole.citation.data}
    made = [{**shared, "parent": place + 1, "in_totals": False, **part} for part in parts]
    last = max([place, *(i for i, row in enumerate(rows) if row.parent.data == place + 1)])
    data = [entry.data for entry in rows.entries]
    _shift(data, after=last + 1, by=len(made))
    renumbered(rows, [*data[: last + 1], *made, *data[last + 1 :]])
    return True


def removed(rows: Any, place: int) -> None:
    """Take one figure out; what was part of it stands for itself."""
    data = [entry.data for entry in rows.entries]
    del data[place]
    for row in data:
        if row["parent"] == place + 1:
            row["parent"], row["in_totals"] = None, False
    _shift(data, after=place + 1, by=-1)
    renumbered(rows, data)


def several(rows: Any) -> frozenset[str]:
    """Ids of the figures that share their measure with another whole one: one of them counts."""
    wholes = [row for row in rows if not row.parent.data]
    measures = [row.measure.data for row in wholes]
    return frozenset(row.id for row in wholes if measures.count(row.measure.data) > 1)


def warnings(rows: Any) -> dict[str, str]:
    """Id of a figure's number → what its parts come to, where that is more than it can be."""
    said = [_said(row.form) for row in rows]
    return {
        rows[index].how_many.id: told
        for index, told in beyond_their_whole(
            [one or FigureSaid(measure="") for one in said]
        ).items()
    }


def _shift(data: list[dict[str, Any]], *, after: int, by: int) -> None:
    """Rows after this number stand `by` further on; who names one of them follows."""
    for row in data:
        if row["parent"] and row["parent"] > after:
            row["parent"] += by


def _said(row: Any) -> FigureSaid | None:
    try:
        read = quantity.read(row.how_many.data or "")
    except quantity.QuantityError:
        return None
    return FigureSaid(
        measure=row.measure.data or "",
        low=read.low,
        best=read.best,
        high=read.high,
        qualifier=read.qualifier,
        sex=row.sex.data or None,
        age_min=row.age_min.data,
        age_max=row.age_max.data,
        parent=row.parent.data - 1 if row.parent.data else None,
    )

"""What stands beside the form's fields: how a date or number was understood, the nearest words of a
refused quote and the button that takes them over.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from flask import request

from incidents import dates, edtf, quantity
from incidents.dates_beside import Beside, read_beside
from incidents.errors import NotFound
from incidents.incident.types import Kind
from incidents.passages import difference, find, nearest
from incidents.source.queries import ids_by_reference, source_by_reference, texts_for_quotes
from incidents.vocabulary.queries import gazetteer_proposes
from incidents.web import services, session, viewer


def passage_used(form: Any) -> str:
    """Put the source's words in place of the typed ones, where that button was pressed: the id of
    their field, or "" when it was not.
    """
    asked = request.form.get("use_passage")
    for row in form.citations if asked else ():
        if row.quote.name == asked:
            row.quote.data = _nearest([row]).get(row.quote.id) or row.quote.data
            return str(row.quote.id)
    return ""


def differences(form: Any) -> dict[str, list[tuple[str, str]]]:
    """Field id of a refused quote → what it has that the nearest passage has not, and the reverse:
    nothing when no passage comes near.
    """
    found = {}
    refused = [row for row in form.citations if row.quote.errors]
    passages = _nearest(refused)
    for row in refused:
        near = passages.get(row.quote.id)
        if near:
            parts = difference(row.quote.data.strip(), near)
            found[row.quote.id] = [one for one in parts if one[0] != "same" and one[1].strip()]
    return found


def by_role(form: Any) -> dict[str, list[Any]]:
    """The parties' rows as they stand: by whom it was done, as stated, and everybody else."""
    rows = form.involvements.entries
    by_whom = [row for row in rows if row.role.data == "alleged_perpetrator"]
    return {"who": [row for row in rows if row not in by_whom], "by_whom": by_whom}


def beside_source(reference: str) -> Beside:
    """How this account’s dates are read in a source; one it may not see gives no year."""
    published = None
    with suppress(NotFound):
        source = source_by_reference(session(), viewer(), reference)
        published = source.published_edtf or ""
    return Beside(viewer().day_first, published)


def dates_typed(form: Any) -> list[Any]:
    """The fields that take a date and hold some text."""
    details = [
        form.details.form[detail.name]
        for detail in form.declared.details
        if detail.kind is Kind.EDTF
    ]
    return [field for field in (form.date, *details) if (field.data or "").strip()]


def echoes(form: Any) -> dict[str, str]:
    """Field id → what was understood, for what is read as more than text."""
    used = request.form.get("use_passage", "")
    said: dict[str, str] = {used: "These are the source’s words."} if used else {}
    typed = [field for field in dates_typed(form) if not field.errors]
    beside = beside_source(form.citations[0].source.data or "") if typed else Beside()
    for field in typed:
        with suppress(edtf.DateError):
            said[field.id] = dates.echo(read_beside(field.data, beside))
    for row in form.figures:
        try:
            read = quantity.read(row.how_many.data or "")
        except quantity.QuantityError:
            continue
        if row.how_many.data:
            words = quantity.in_words(read.low, read.best, read.high, read.qualifier)
            said[row.how_many.id] = words[:1].upper() + words[1:]
    if not form.place_id.data:
        typed_place, country = form.place.data or "", form.place_country.data or ""
        proposed = gazetteer_proposes(services().gazetteer, typed_place, country)
        if proposed:
            said["place"] = f"{proposed} Once this is saved, the place’s page offers its point."
    return said


def _nearest(rows: Iterable[Any]) -> dict[str, str]:
    """Field id of a quote → the passage nearest to it, where it stands in no copy of its source.

    The same number of statements for one row as for fifty.
    """
    typed = [row for row in rows if (row.quote.data or "").strip()]
    if not typed:
        return {}
    ids = ids_by_reference(session(), viewer(), {row.source.data or "" for row in typed})
    texts = texts_for_quotes(session(), viewer(), services().keyring, set(ids.values()))
    found = {}
    for row in typed:
        tried = [text for _, text in texts.get(ids.get(row.source.data or "", 0), [])]
        if tried and not any(find(text, row.quote.data) for text in tried):
            near = nearest(tried[0], row.quote.data, limit=1)
            found[row.quote.id] = near[0].exact if near else ""
    return found

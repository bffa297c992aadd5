"""What stands beside the form's fields: how a date or number was understood, the nearest words of a
refused quote and the button that takes them over.
"""

from contextlib import suppress
from typing import Any

from flask import request

from incidents import dates, edtf, quantity
from incidents.errors import NotFound
from incidents.passages import difference, find, nearest
from incidents.source.queries import source_by_reference, texts_for_quotes
from incidents.web import services, session, viewer


def passage_used(form: Any) -> str:
    """Put the source's words in place of the typed ones, where that button was pressed: the id of
    their field, or "" when it was not.
    """
    asked = request.form.get("use_passage")
    for row in form.citations if asked else ():
        if row.quote.name == asked:
            row.quote.data = _nearest(row) or row.quote.data
            return str(row.quote.id)
    return ""


def differences(form: Any) -> dict[str, list[tuple[str, str]]]:
    """Field id of a refused quote → what it has that the nearest passage has not, and the reverse:
    nothing when no passage comes near.
    """
    found = {}
    for row in form.citations:
        near = _nearest(row) if row.quote.errors else ""
        if near:
            parts = difference(row.quote.data.strip(), near)
            found[row.quote.id] = [one for one in parts if one[0] != "same" and one[1].strip()]
    return found


def by_role(form: Any) -> dict[str, list[Any]]:
    """The parties' rows as they stand: by whom it was done, as stated, and everybody else."""
    rows = form.involvements.entries
    by_whom = [row for row in rows if row.role.data == "alleged_perpetrator"]
    return {"who": [row for row in rows if row not in by_whom], "by_whom": by_whom}


def echoes(form: Any) -> dict[str, str]:
    """Field id → what was understood, for what is read as more than text."""
    used = request.form.get("use_passage", "")
    said: dict[str, str] = {used: "These are the source’s words."} if used else {}
    if form.date.data and not form.date.errors:
        with suppress(edtf.DateError):
            said[form.date.id] = dates.echo(dates.read(form.date.data))
    for row in form.figures:
        try:
            read = quantity.read(row.how_many.data or "")
        except quantity.QuantityError:
            continue
        if row.how_many.data:
            words = quantity.in_words(read.low, read.best, read.high, read.qualifier)
            said[row.how_many.id] = words[:1].upper() + words[1:]
    return said


def _nearest(row: Any) -> str:
    typed = row.quote.data or ""
    try:
        source = source_by_reference(session(), viewer(), row.source.data or "")
    except NotFound:
        return ""
    texts = texts_for_quotes(session(), viewer(), services().keyring, {source.id or 0})
    tried = [text for _, text in texts.get(source.id or 0, [])]
    if not tried or any(find(text, typed) for text in tried):
        return ""
    near = nearest(tried[0], typed, limit=1)
    return near[0].exact if near else ""

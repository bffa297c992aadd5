"""Words selected in a source's text, on their way into a form: in the body of a request, never in
an address, which logs and histories keep.

They are looked up at once: what the form shows is what the source says, or what comes nearest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from incidents.errors import FieldErrors
from incidents.incident.actions import check_quotes
from incidents.incident.record import CitationSaid, Quote
from incidents.incident.record.entry import CitationTyped, Entry
from incidents.passages import find
from incidents.source.queries import ids_by_reference, texts_for_quotes
from incidents.web import services, session, viewer, work

# Longer ones are refused by the field itself.
_LONGEST = 20_000


@dataclass(frozen=True)
class Brought:
    """`at` is where they begin in the text that was read, in code points, as text; "" if unknown.

    `path` is the field that rests on them, "" for the whole incident; `source` the text they stand
    in, "" for the form's own.
    """

    words: str
    at: str = ""
    path: str = ""
    source: str = ""


def opens() -> bool:
    """Whether a form is asked for, with words or without; not one that is sent."""
    if request.method == "GET":
        return True
    asked = "quote" in request.form or "opens" in request.form
    return asked and "form_token" not in request.form


def words_selected() -> Brought | None:
    """What the reading room sends to open a form with; None for a form that is sent itself."""
    words = _said("quote") if opens() else ""
    return Brought(words, _said("at"), source=_said("source")) if words else None


def words_added() -> Brought | None:
    """What comes with the form itself, when a quote is added to it beside its text."""
    words = _said("words")
    if not words:
        return None
    return Brought(words, _said("words_at"), _said("words_for"), _said("reading"))


def with_words(entry: Entry, brought: Brought) -> Entry:
    """As one more quote; in the place of the first where that one quotes nothing yet."""
    supports = (brought.path,) if brought.path else ()
    first = entry.citations[0]
    own = CitationTyped(
        brought.source or first.source, brought.words, at=brought.at, supports=supports
    )
    if not first.quote and first.source == own.source:
        own = replace(first, quote=own.quote, at=own.at)
        return replace(entry, citations=(own, *entry.citations[1:]))
    return replace(entry, citations=(*entry.citations, own))


def new_row(form: Any, brought: Brought) -> dict[str, Any]:
    """A quote's row of an open form."""
    source = brought.source or form.citations[0].source.data
    offered = {choice.value for choice in form.citations[0].supports.choices}
    supports = [brought.path] if brought.path in offered else []
    row = {"source": source, "quote": brought.words, "at": brought.at, "supports": supports}
    # As a blank row shows them.
    return {**row, "stance": "supports", "speaker_protected": True}


def looked_up(form: Any) -> bool:
    """Every quote as its source has it; False where one stands nowhere: its field says what comes
    nearest.
    """
    rows = [row for row in form.citations if 0 < len((row.quote.data or "").strip()) <= _LONGEST]
    ids = ids_by_reference(session(), viewer(), {row.source.data or "" for row in rows})
    texts = texts_for_quotes(session(), viewer(), services().keyring, set(ids.values()))
    refused = [row for row in rows if not _found(row, _texts_of(row, ids, texts))]
    for row in refused:
        errors = FieldErrors()
        said = CitationSaid(
            source=ids.get(row.source.data or "", 0), quote=Quote(exact=row.quote.data)
        )
        check_quotes(work(), [said], errors)
        row.quote.errors = errors.errors.get("citations.0.quote", [])
    return not refused


def place_of(row: Any) -> int | None:
    """Where the words of a row begin, as far as the form knows it."""
    text = row.at.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _texts_of(row: Any, ids: Any, texts: Any) -> Iterator[str]:
    return (text for _, text in texts.get(ids.get(row.source.data or "", 0), []))


def _found(row: Any, texts: Iterator[str]) -> bool:
    for text in texts:
        passage = find(text, row.quote.data, place_of(row))
        if passage is not None:
            row.quote.data, row.at.data = passage.exact, str(passage.start)
            return True
    return False


def _said(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n")

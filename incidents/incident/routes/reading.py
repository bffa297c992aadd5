"""Which source stands beside an incident's form, and the others that can be read there instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from incidents.errors import NotFound
from incidents.source.queries import SourcePage, SourceToRead, source_page, sources_to_read
from incidents.web import services, session, viewer


@dataclass(frozen=True)
class ReadingPane:
    """`page` is the source beside the form, None without one. `sources` are all that the form
    names, by their references, as far as this viewer may see them.
    """

    page: SourcePage | None
    sources: Mapping[str, SourceToRead]


def is_another_asked() -> bool:
    """Whether a button was pressed that shows another source's text."""
    return bool(request.form.get("read"))


def reading_pane(form: Any, first: str | None) -> ReadingPane:
    """`first` is the source the form was opened from: it is read until another is asked for."""
    named = [first or "", *(row.source.data or "" for row in form.citations)]
    sources = sources_to_read(session(), viewer(), named)
    for wanted in (_asked(form), request.form.get("reading", ""), first or ""):
        if wanted.strip().upper() in sources:
            return ReadingPane(_page(wanted), sources)
    return ReadingPane(_page(first) if first else None, sources)


def _asked(form: Any) -> str:
    """The source a button names: by its reference, or by the field it is typed in."""
    asked = request.form.get("read", "")
    typed = (row.source.data or "" for row in form.citations if row.source.name == asked)
    return next(typed, asked)


def _page(reference: str) -> SourcePage | None:
    try:
        return source_page(session(), viewer(), services().keyring, reference.strip())
    except NotFound:
        return None

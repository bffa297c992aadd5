"""Which source stands beside an incident's form, and the others that can be read there instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from incidents.errors import NotFound
from incidents.incident.routes.words import place_of
from incidents.source.queries import (
    OpenForm,
    SourcePage,
    SourceToRead,
    source_page,
    sources_to_read,
)
from incidents.source.routes.readers import AtWork, at_work
from incidents.web import services, session, viewer


@dataclass(frozen=True)
class ReadingPane:
    """`page` is the source beside the form, None without one. `sources` are all that the form
    names, by their references, as far as this viewer may see them.
    """

    page: SourcePage | None
    sources: Mapping[str, SourceToRead]
    at_work: AtWork | None


def is_another_asked() -> bool:
    """Whether a button was pressed that shows another source's text."""
    return bool(request.form.get("read"))


def reading_pane(form: Any, first: str | None, edited: str = "") -> ReadingPane:
    """`first` is the source the form was opened from: it is read until another is asked for. The
    words in the form are boxed in it, in place of those stored of the incident that is `edited`.
    """
    named = [first or "", *(row.source.data or "" for row in form.citations)]
    sources = sources_to_read(session(), viewer(), named)
    for wanted in (_asked(form), request.form.get("reading", ""), first or ""):
        if wanted.strip().upper() in sources:
            return _pane(form, wanted, edited, sources)
    return _pane(form, first, edited, sources)


def _asked(form: Any) -> str:
    """The source a button names: by its reference, or by the field it is typed in."""
    asked = request.form.get("read", "")
    typed = (row.source.data or "" for row in form.citations if row.source.name == asked)
    return next(typed, asked)


def _pane(
    form: Any, reference: str | None, edited: str, sources: Mapping[str, SourceToRead]
) -> ReadingPane:
    page = _page(reference, _open_form(form, reference, edited)) if reference else None
    return ReadingPane(page, sources, at_work(page) if page else None)


def _open_form(form: Any, reference: str, edited: str) -> OpenForm:
    typed = [
        (row.quote.data or "", place_of(row))
        for row in form.citations
        if (row.source.data or "").strip().upper() == reference.strip().upper()
    ]
    return OpenForm(form.declared.code, edited, tuple(typed))


def _page(reference: str, form: OpenForm) -> SourcePage | None:
    keyring = services().keyring
    try:
        return source_page(session(), viewer(), keyring, reference.strip(), open_form=form)
    except NotFound:
        return None

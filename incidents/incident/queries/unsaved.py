"""Words typed and not saved yet: one's own, while one may still see what they are about.

What is kept lies sealed under a key of its own, which the main key wraps; nobody else's is read.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, col, select

from incidents.crypto import WRAPPED_BYTES, Keyring
from incidents.errors import NotFound
from incidents.incident.models import Incident, UnsavedForm
from incidents.incident.queries.lookup import parsed_reference
from incidents.incident.record.unsaved import FormName
from incidents.incident.rights import visible, visible_source
from incidents.source.models import Source
from incidents.source.queries import parsed_reference as parsed_source
from incidents.viewer import Viewer

KEPT_FOR = timedelta(days=30)
Fields = Sequence[tuple[str, str]]
_TABLE = "unsaved_form"


@dataclass(frozen=True)
class Unsaved:
    """One form somebody left, without what was typed into it."""

    id: int
    form: FormName
    saved_at: datetime
    # Of the source or incident it is about.
    title: str = ""


@dataclass(frozen=True)
class Typed:
    """The fields as they would have been posted, in the page's order."""

    fields: Fields
    saved_at: datetime
    # Its number, and what changes with every keeping: whether it is still what was offered.
    mark: str


def sealed_fields(keyring: Keyring, account_id: int, token: str, fields: Fields) -> bytes:
    """A new key each time, wrapped before what it seals."""
    key, row = keyring.new_key(), f"{account_id} {token}"
    text = json.dumps(list(fields), ensure_ascii=False)
    sealed = keyring.seal(key, text, table=_TABLE, row_id=row, version=1)
    return keyring.wrap(key, _TABLE, row) + sealed


def unsaved_fields(
    session: Session,
    viewer: Viewer,
    keyring: Keyring,
    unsaved_id: int,
    form: FormName,
    now: datetime,
) -> Typed:
    """NotFound when it is another's or another form's, over, or about what one may not see."""
    row = session.exec(
        select(UnsavedForm).where(UnsavedForm.id == unsaved_id, *_mine(viewer, now))
    ).one_or_none()
    if row is None or row.form != str(form) or not _seen(session, viewer, [_line(row)]):
        raise NotFound("What was typed here is saved by now, or discarded.")
    place = f"{row.account_id} {row.form_token}"
    key = keyring.unwrap(row.sealed[:WRAPPED_BYTES], _TABLE, place)
    text = keyring.unseal(key, row.sealed[WRAPPED_BYTES:], table=_TABLE, row_id=place, version=1)
    fields = [(name, value) for name, value in json.loads(text)]
    return Typed(fields, row.saved_at, f"{row.id} {stamp_of(row)}")


def stamp_of(row: UnsavedForm) -> str:
    """No two keepings seal to the same bytes."""
    return sha256(row.sealed).hexdigest()[:24]


def unsaved_of_form(
    session: Session, viewer: Viewer, form: FormName, now: datetime
) -> tuple[Unsaved, ...]:
    """The last one first. One statement: whoever sees the form sees what it is about."""
    return _lines(session, viewer, now, str(form))


def unsaved_of(session: Session, viewer: Viewer, now: datetime) -> tuple[Unsaved, ...]:
    """All of one's own that can be gone on with, the last one first; three statements at most."""
    if viewer.account_id is None or not viewer.may_record:
        return ()
    return _seen(session, viewer, _lines(session, viewer, now))


def _mine(viewer: Viewer, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(UnsavedForm.account_id) == viewer.account_id,
        col(UnsavedForm.saved_at) > now - KEPT_FOR,
    )


def _lines(
    session: Session, viewer: Viewer, now: datetime, form: str | None = None
) -> tuple[Unsaved, ...]:
    asked = select(UnsavedForm.id, UnsavedForm.form, UnsavedForm.saved_at).where(
        *_mine(viewer, now), *(() if form is None else (UnsavedForm.form == form,))
    )
    newest_first = (col(UnsavedForm.saved_at).desc(), col(UnsavedForm.id).desc())
    rows = session.exec(asked.order_by(*newest_first))
    named = ((row_id or 0, FormName.read(name), saved_at) for row_id, name, saved_at in rows)
    return tuple(Unsaved(row_id, name, saved_at) for row_id, name, saved_at in named if name)


def _line(row: UnsavedForm) -> Unsaved:
    name = FormName.read(row.form)
    assert name is not None
    return Unsaved(row.id or 0, name, row.saved_at)


def _seen(session: Session, viewer: Viewer, lines: Iterable[Unsaved]) -> tuple[Unsaved, ...]:
    """Those about what this viewer may see now, with its title."""
    lines = list(lines)
    sources = {parsed_source(one.form.reference) for one in lines} - {None}
    incidents = {parsed_reference(one.form.reference) for one in lines} - {None}
    titles: dict[str, str] = {"": ""}
    if sources:
        titles |= _source_titles(session, viewer, sources)
    if incidents:
        titles |= _incident_titles(session, viewer, incidents)
    return tuple(
        replace(one, title=titles[one.form.reference])
        for one in lines
        if one.form.reference in titles
    )


def _source_titles(
    session: Session, viewer: Viewer, asked: Iterable[tuple[int, int] | None]
) -> Mapping[str, str]:
    rows = session.exec(
        select(Source).where(
            visible_source(viewer), tuple_(col(Source.ref_year), col(Source.ref_number)).in_(asked)
        )
    )
    return {row.reference: row.title for row in rows}


def _incident_titles(
    session: Session, viewer: Viewer, asked: Iterable[tuple[int, int] | None]
) -> Mapping[str, str]:
    rows = session.exec(
        select(Incident).where(
            visible(viewer), tuple_(col(Incident.ref_year), col(Incident.ref_number)).in_(asked)
        )
    )
    return {row.reference: row.title for row in rows}

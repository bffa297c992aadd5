"""Keeps what is typed and not saved yet, apart from revisions and the log, for thirty days.

One's own alone, so no rights are asked: what it is about decides only whether it is offered again.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from incidents.errors import FieldErrors, NotFound
from incidents.folding import has_unstorable
from incidents.incident.models import UnsavedForm
from incidents.incident.queries.unsaved import KEPT_FOR, Fields, sealed_fields, stamp_of
from incidents.incident.record.unsaved import FormName
from incidents.work import Work

LONGEST = 2_000_000
MOST = 200


class TooMuch(FieldErrors):
    """More than is kept unsaved."""


def keep_form(work: Work, form: FormName, token: str, fields: Fields, continues: str = "") -> None:
    """In place of what was typed into the same opened form before.

    `continues` is the mark of what was gone on with: its row is taken over, unless it was gone on
    with elsewhere meanwhile; then there are two. TooMuch says why nothing is kept.
    """
    assert work.actor_id is not None
    _check_size(work, fields)
    work.session.execute(delete(UnsavedForm).where(_over(work)))
    sealed = sealed_fields(work.keyring, work.actor_id, token, fields)
    values: dict[str, Any] = {"form": str(form), "sealed": sealed, "saved_at": work.now}
    if _updated(work, col(UnsavedForm.form_token) == token, values):
        return
    taken = _continued(work, continues)
    if taken is not None and _updated(work, taken, {**values, "form_token": token}):
        return
    _check_count(work)
    try:
        with work.session.begin_nested():
            work.session.add(UnsavedForm(account_id=work.actor_id, form_token=token, **values))
    except IntegrityError:
        # The same form's first words, sent twice at once.
        _updated(work, col(UnsavedForm.form_token) == token, values)


def forget_form(work: Work, token: str, continues: str = "") -> None:
    """It is saved: what was kept of it goes, and what it went on from, if it is still that."""
    continued = _continued(work, continues)
    gone = [_over(work)]
    # One that no database takes is nobody's.
    gone += [] if has_unstorable(token) else [col(UnsavedForm.form_token) == token]
    gone += [] if continued is None else [continued]
    work.session.execute(delete(UnsavedForm).where(_own(work), or_(*gone)))


def discard_form(work: Work, unsaved_id: int) -> None:
    """NotFound when it is another's, or gone already."""
    gone = work.session.execute(
        delete(UnsavedForm)
        .where(_own(work), col(UnsavedForm.id) == unsaved_id)
        .returning(col(UnsavedForm.id))
    )
    if gone.first() is None:
        raise NotFound("What was typed here is saved by now, or discarded.")


def _own(work: Work) -> ColumnElement[bool]:
    return col(UnsavedForm.account_id) == work.actor_id


def _over(work: Work) -> ColumnElement[bool]:
    return col(UnsavedForm.saved_at) <= work.now - KEPT_FOR


def _updated(work: Work, which: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    done = work.session.execute(
        update(UnsavedForm).where(_own(work), which).values(**values).returning(col(UnsavedForm.id))
    )
    return done.first() is not None


def _continued(work: Work, continues: str) -> ColumnElement[bool] | None:
    """The row of that mark, while it holds what it held then."""
    number, _, stamp = continues.partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    row = work.session.exec(
        select(UnsavedForm).where(_own(work), UnsavedForm.id == int(number))
    ).one_or_none()
    return col(UnsavedForm.id) == row.id if row and stamp_of(row) == stamp else None


def _check_size(work: Work, fields: Fields) -> None:
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        raise TooMuch({"form": "This is too long to be kept while you type. Save it yourself."})


def _check_count(work: Work) -> None:
    kept = work.session.exec(select(func.count()).select_from(UnsavedForm).where(_own(work))).one()
    if kept >= MOST:
        told = f"{MOST} forms of yours are not saved yet. Discard some of them on your desk."
        raise TooMuch({"form": told})

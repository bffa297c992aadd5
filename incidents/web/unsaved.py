"""What a page with a form knows of words typed into it and not saved: its own, and what was left.

A form that is kept sends `kept_form`, `kept_token` and `kept_from` with its fields.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flask
from werkzeug.datastructures import MultiDict

from incidents.incident.actions.unsaved import forget_form
from incidents.incident.queries.unsaved import Unsaved, unsaved_fields, unsaved_of, unsaved_of_form
from incidents.incident.record.unsaved import FormName
from incidents.vocabulary.types import vocabulary
from incidents.web.request import services, session, viewer, work

# Of the form's own fields, those that say only how it is kept.
KEPT_FIELDS = frozenset({"csrf_token", "kept_form", "kept_token", "kept_from"})
_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)
_ENDPOINTS = {
    "incident new": "incident.new",
    "incident edit": "incident.edit",
    "incident correct": "review.correct",
    "source new": "source.create",
    "source edit": "source.edit",
}
_WHAT = {
    "incident new": "New",
    "incident edit": "Edit of an incident",
    "incident correct": "Correction",
    "source new": "New source",
    "source edit": "Edit of a source",
}


@dataclass(frozen=True)
class Keeping:
    """Of one opened form. `typed` fills it when it is gone on with, else it is None."""

    form: FormName
    token: str
    account: str
    # The mark of what it went on from; "" for a form begun anew.
    continues: str = ""
    typed: MultiDict[str, str] | None = None
    typed_at: datetime | None = None
    # The page shows words from elsewhere that are kept nowhere yet.
    at_once: bool = False
    others: tuple[Unsaved, ...] = ()

    @property
    def address(self) -> str:
        return address_of(self.form)

    def go_on(self, unsaved: Unsaved) -> str:
        return address_of(unsaved.form, unsaved.id)


def keeping(form: FormName) -> Keeping:
    """For the page being made. NotFound when it asks to go on with what is not one's own."""
    posted = flask.request.form
    name = viewer().name
    if flask.request.method == "POST":
        token = posted.get("kept_token", "")
        if not is_token(token):
            return Keeping(form, secrets.token_urlsafe(16), name, at_once=True)
        return Keeping(form, token, name, posted.get("kept_from", ""))
    now, token = services().clock(), secrets.token_urlsafe(16)
    others = unsaved_of_form(session(), viewer(), form, now)
    asked = flask.request.args.get("kept")
    if not asked:
        return Keeping(form, token, name, others=others)
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    typed = unsaved_fields(session(), viewer(), services().keyring, number, form, now)
    fields = MultiDict(list(typed.fields))
    left = tuple(one for one in others if one.id != number)
    return Keeping(form, token, name, typed.mark, fields, typed.saved_at, others=left)


@dataclass(frozen=True)
class Left:
    """A form somebody left, as the desk lists it: without what was typed."""

    id: int
    form: FormName
    # As "New detention" or "Edited".
    what: str
    title: str
    saved_at: datetime
    address: str


def left_unsaved() -> list[Left]:
    """This viewer's own, the last one first."""
    found = unsaved_of(session(), viewer(), services().clock())
    return [
        Left(
            one.id,
            one.form,
            f"{_WHAT[one.form.what]} {vocabulary('type').label(one.form.type).lower()}"
            if one.form.type
            else _WHAT[one.form.what],
            one.title,
            one.saved_at,
            address_of(one.form, one.id),
        )
        for one in found
    ]


def forget_kept() -> None:
    """Of the form that was posted, in the transaction that saves it."""
    posted = flask.request.form
    forget_form(work(), posted.get("kept_token", ""), posted.get("kept_from", ""))


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def address_of(form: FormName, kept: int | None = None) -> str:
    """Where the form is opened again, with what was kept of it if that is named."""
    about: dict[str, Any] = {}
    if form.what == "incident new":
        about = {"source": form.reference, "type": form.type}
    elif form.reference:
        about = {"reference": form.reference}
    return flask.url_for(_ENDPOINTS[form.what], **about, kept=kept)

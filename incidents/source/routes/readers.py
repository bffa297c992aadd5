"""Who reads a source, beside its text; and how far it was read, as the page or a button says it."""

from contextlib import suppress
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from incidents.db import LARGEST_ROW
from incidents.source.actions import note_open, note_read
from incidents.source.queries import Readers, SourcePage, reached, readers_of
from incidents.source.routes.blueprint import RECORDERS, bp
from incidents.web import allow, commit, services, session, viewer, work


@dataclass(frozen=True)
class AtWork:
    """`percent` of the text is how far this viewer has read, `reached` the same in thousandths."""

    readers: Readers
    reached: float
    copy: int | None

    @property
    def percent(self) -> int:
        """100 only when it is all of it."""
        return 100 if self.reached >= 1000 else min(99, round(self.reached / 10))


def at_work(page: SourcePage) -> AtWork:
    """For the page being made; that this viewer has it open is written down on the way.

    In a transaction of its own: a page is read, and nobody waits for who else reads one. What is
    posted has one already, and comes from a page that was opened.
    """
    app, who = services(), viewer()
    now = app.clock()
    readers = readers_of(session(), who, page.id, now)
    if request.method == "GET" and who.internal and not readers.noted:
        # However busy the database is: nobody is kept from reading for it.
        with suppress(OperationalError), app.database.writing() as own:
            note_open(app.work(own, who), page.id)
            own.commit()
    copy = page.reading.shown.id if page.reading.shown else None
    furthest = readers.furthest if readers.snapshot_id == copy else None
    return AtWork(readers, reached(page.paragraphs, furthest), copy)


@bp.post("/sources/<reference>/read")
@allow(*RECORDERS)
def read(reference: str) -> Response:
    """`copy` and `furthest` come from the page while it is read, `done` from the button."""
    note_read(
        work(),
        reference,
        copy=_number("copy"),
        furthest=_number("furthest") or 0,
        done=bool(request.form.get("done")),
    )
    commit()
    if request.accept_mimetypes.best == "application/json":
        return Response(status=204)
    flash("It is noted that you have read it.")
    return redirect(url_for("source.show", reference=reference), 303)


def _number(name: str) -> int | None:
    """None for what is no row's number."""
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ROW))):
        return None
    return min(int(text), LARGEST_ROW)

"""Which sources tell one story: said beside a text that is nearly another's, or taken back."""

from flask import flash, redirect, request, url_for

from incidents.errors import WrongState
from incidents.incident.actions import make_one_story, make_own_story
from incidents.source.routes.blueprint import RECORDERS, Page, bp
from incidents.web import allow, commit, work


@bp.post("/sources/<reference>/story")
@allow(*RECORDERS)
def story(reference: str) -> Page:
    """`of` is the reference of a source whose story it copies; without it, it has its own."""
    other = request.form.get("of", "").strip()
    try:
        if other:
            make_one_story(work(), reference, other)
            told = f"{reference} and {other} are one story now."
        else:
            make_own_story(work(), reference)
            told = f"{reference} is a story of its own now."
    except WrongState as error:
        flash(error.message, "info")
    else:
        commit()
        flash(told)
    return redirect(url_for("source.show", reference=reference), 303)

"""For tests of exports: the coded article with names nobody may read, and files read back."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl

from sqlmodel import select

from incidents.account.queries import viewer_by_name
from incidents.db import Database
from incidents.demo.imports import PEOPLE
from incidents.incident.actions import PartySaid, edit_party, move
from incidents.incident.columns import ColumnSet
from incidents.incident.exports import Tally, Wanted, asked_for, stream
from incidents.incident.models import Party
from incidents.incident.queries.lookup import incident_by_reference
from incidents.review.actions import approve
from incidents.services import Services
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.work import Work
from tests.conftest import Demo

CODED: Mapping[str, Any] = json.loads(
    files("incidents.demo").joinpath("data/incidents.json").read_text("utf-8")
)

# One for each party of the article who must never be named.
NAMES = {
    "P03": "Gulnara Akhmetova",
    "P04": "Aizhan Bekova",
    "P05": "Yerlan Bekov",
    "P06": "Daniyar Tulegenov",
    "G07": "Janaozen Twenty",
    "G08": "Courtyard Neighbours Society",
    "G09": "Mothers of Janaozen",
    "G10": "Locals of Block Five",
}


READER = Viewer(None, "a reader", frozenset({Role.READER}))


@dataclass(frozen=True)
class Article:
    """JZ-01 → its reference, and the people of the demo."""

    services: Services
    references: Mapping[str, str]
    people: Mapping[str, Viewer]

    @property
    def database(self) -> Database:
        return self.services.database


def article_of(demo: Demo) -> Article:
    """Every incident of the demo approved, and the parties nobody may name named."""
    services, references = demo.services, demo.references
    with services.database.writing() as session:
        found = {name: viewer_by_name(session, name) for name in PEOPLE}
        people = {name: viewer for name, viewer in found.items() if viewer is not None}
        author = services.work(session, people["researcher"])
        reviewer = services.work(session, people["reviewer"])
        for party in session.exec(select(Party)).all():
            _name(author, party)
        for code in ("JZ-08", "JZ-12"):
            incident = incident_by_reference(session, author.actor, references[code])
            if incident.status == "draft":
                move(author, incident, "submit", incident.version)
            approve(reviewer, references[code], incident.version)
        session.commit()
    return Article(services, references, people)


def _name(work: Work, party: Party) -> None:
    codes = {entry["label"]: entry["id"] for entry in CODED["parties"]}
    name = NAMES.get(codes[party.label])
    if name is None:
        return
    own = ("kind", "label", "privacy", "sex", "age", "occupation", "note", "sort")
    said = PartySaid(**{field: getattr(party, field) for field in own}, name=name)
    assert party.id is not None
    edit_party(work, party.id, party.version, said)


def exported(
    article: Article,
    subject: str,
    query: str = "",
    viewer: Viewer = OPERATOR,
    *,
    batch: int = 500,
    tally: Tally | None = None,
    **args: str,
) -> bytes:
    """The bytes of a file, unlogged. `args`: profile, columns, raw."""
    wanted = Wanted(subject, [*parse_qsl(query), *args.items()], ColumnSet.FULL)
    with article.database.reading() as session:
        asked, options = asked_for(article.services.work(session, viewer), wanted)
    return b"".join(stream(article.database, asked, viewer, options, tally, batch=batch))


def read(body: bytes) -> list[dict[str, str]]:
    """Rows as a careful reader takes them: the guard's apostrophe taken off again."""
    text = body.decode("utf-8-sig")
    guarded = body.startswith(b"\xef\xbb\xbf")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [
        {name: cell[1:] if guarded and cell.startswith("'") else cell for name, cell in row.items()}
        for row in rows
    ]

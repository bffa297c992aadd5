"""Searches as a viewer makes them, and a plain matcher to compare them with."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import Session, col

from incidents.crypto import Keyring
from incidents.db import table_of
from incidents.incident.actions import reindex
from incidents.incident.models import Incident, SearchDocument
from incidents.incident.queries.listing import (
    ORDERS,
    IncidentRow,
    order_allowed,
    page_of_incidents,
    searched_once,
)
from incidents.incident.queries.names import filter_from_args
from incidents.paging import Page, PageAsked, page_asked
from incidents.search_query import Query, Term
from incidents.search_words import BORDER, encoded
from incidents.viewer import Viewer
from tests.team import Team

Documents = Mapping[tuple[int, str], tuple[int, str, str]]
_KEYRING = Keyring(bytes(32))


def page(
    session: Session,
    viewer: Viewer,
    q: str,
    *,
    sort: str = "-date",
    after: str = "",
    size: int = 50,
    once: bool = False,
) -> Page[IncidentRow]:
    asked = filter_from_args(session, [("q", q)], viewer, _KEYRING)
    if once:
        asked = searched_once(session, asked, viewer)
    wanted: PageAsked = page_asked(sort, after, ORDERS, default="-date", size=size)
    order_allowed(asked, wanted)
    return page_of_incidents(session, asked, viewer, wanted)


def titles(team: Team, q: str, viewer: Viewer | None = None, *, sort: str = "-date") -> list[str]:
    """Of the hits, by name; the count agrees."""
    with team.reading() as session:
        found = page(session, viewer or team.author, q, sort=sort)
    assert found.count == len(found.rows)
    return sorted(row.title for row in found.rows)


def documents(session: Session) -> Documents:
    table = table_of(SearchDocument).c
    rows = session.connection().execute(
        select(table.incident_id, table.audience, table.version, table.title, table.text)
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}


def rebuilt(session: Session) -> int:
    """Make them all anew; how many were not as they would be made."""
    return reindex(session, session.execute(select(col(Incident.id))).scalars())


def matching(stored: Documents, audience: str, query: Query) -> set[int]:
    """The incidents that a query means, by looking at every document."""
    return {
        incident_id
        for (incident_id, of), (_, title, text) in stored.items()
        if of == audience
        and all(_stands(term, title) or _stands(term, text) for term in query.wanted)
        and not any(_stands(term, title) or _stands(term, text) for term in query.unwanted)
    }


def _stands(term: Term, stored: str) -> bool:
    wanted, held = [encoded(word) for word in term.words], stored.split()
    assert BORDER not in wanted
    for place in range(len(held) - len(wanted) + 1):
        found = held[place : place + len(wanted)]
        if term.begins and found[:-1] == wanted[:-1] and found[-1].startswith(wanted[-1]):
            return True
        if found == wanted:
            return True
    return False

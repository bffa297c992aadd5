"""Reads terms: the codes in use, and what a form offers."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from sqlalchemy import or_, tuple_
from sqlmodel import Session, col, select

from incidents.db import canonical_json
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.types import Term, vocabularies


def term_codes(session: Session, *, retired: bool = False) -> Mapping[str, frozenset[str]]:
    """The codes in use of every vocabulary, by its name; with `retired` those once in use too."""
    statement = select(TermRow.vocabulary, TermRow.code)
    if not retired:
        statement = statement.where(col(TermRow.retired_at).is_(None))
    found: dict[str, set[str]] = {name: set() for name in vocabularies()}
    for name, code in session.exec(statement):
        found.setdefault(name, set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


def choices(
    session: Session,
    *names: str,
    retired: bool = False,
    held: Collection[tuple[str, str]] = (),
) -> Mapping[str, list[Term]]:
    """The terms in use of the named vocabularies, in their order, by one statement.

    With `retired` those once in use too; `held` ones, as (vocabulary, code), whether or not.
    """
    statement = (
        select(TermRow)
        .where(col(TermRow.vocabulary).in_(names))
        .order_by(col(TermRow.position), col(TermRow.code))
    )
    if not retired:
        held_or_in_use = [col(TermRow.retired_at).is_(None)]
        if held:
            key = tuple_(col(TermRow.vocabulary), col(TermRow.code))
            held_or_in_use.append(key.in_(sorted(held)))
        statement = statement.where(or_(*held_or_in_use))
    found: dict[str, list[Term]] = {name: [] for name in names}
    for row in session.exec(statement):
        found[row.vocabulary].append(_term(row))
    return found


def term_rows(session: Session, name: str | None = None) -> list[TermRow]:
    """Every term of one vocabulary or of all, retired ones too, in their order."""
    statement = select(TermRow).order_by(
        col(TermRow.vocabulary), col(TermRow.position), col(TermRow.code)
    )
    if name is not None:
        statement = statement.where(col(TermRow.vocabulary) == name)
    return list(session.exec(statement))


def words_mark(row: TermRow) -> str:
    """Changes with the words of a term: whoever edits them says which they read."""
    words = canonical_json([row.label, row.definition, row.example])
    return hashlib.sha256(words.encode()).hexdigest()


def terms_behind(session: Session) -> list[str]:
    """“type.detention” of every shipped term that is not as this release ships it: lacking, in
    other words, or no longer shipped.
    """
    shipped = {
        (name, code): (term.label, term.definition, term.example)
        for name, one in vocabularies().items()
        for code, term in one.terms.items()
    }
    stored = {(row.vocabulary, row.code): row for row in term_rows(session)}
    behind = set(shipped) - set(stored)
    for key, row in stored.items():
        words = (row.label, row.definition, row.example)
        gone = key not in shipped and row.retired_at is None
        # A term a team added before a release shipped it stays theirs.
        if row.shipped and (gone or shipped.get(key, words) != words):
            behind.add(key)
    return sorted(".".join(key) for key in behind)


def labels_of(session: Session, name: str, codes: Iterable[str]) -> Mapping[str, str]:
    """Code → label, by one statement if the team added any of them, else by none."""
    shipped = vocabularies()[name].terms
    wanted = set(codes)
    found = {code: shipped[code].label for code in wanted if code in shipped}
    added = wanted - set(found)
    if added:
        rows = session.exec(
            select(TermRow.code, TermRow.label).where(
                TermRow.vocabulary == name, col(TermRow.code).in_(sorted(added))
            )
        )
        found |= dict(rows.all())
    return {code: found.get(code, code) for code in wanted}


def _term(row: TermRow) -> Term:
    vocabulary = vocabularies().get(row.vocabulary)
    shipped = vocabulary.terms.get(row.code) if vocabulary else None
    return Term(
        row.code,
        row.label,
        row.definition,
        row.example,
        shipped.extra if shipped else MappingProxyType({}),
        row.retired_at is not None,
    )

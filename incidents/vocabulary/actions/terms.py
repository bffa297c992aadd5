"""Brings the shipped terms into the database, and keeps those a team adds.

Refuses to delete: a term nobody is to use any more is retired. Refuses to touch a vocabulary whose
values the program itself relies on, and to reword a shipped term: the next release would undo it.
"""

import re
from collections.abc import Iterator

from sqlmodel import select

from incidents.audit.actions import lock, log
from incidents.errors import FieldErrors, NotAllowed, NotFound, WrongState
from incidents.folding import UNSTORABLE, fold, has_unstorable
from incidents.vocabulary.models import TermRow
from incidents.vocabulary.queries import words_mark
from incidents.vocabulary.record import TermSaid
from incidents.vocabulary.types import Term, vocabularies
from incidents.work import Work

LONGEST_LABEL, LONGEST_WORDS, LONGEST_CODE = 80, 1000, 40
_CODE = re.compile(r"[a-z][a-z0-9_]*")
# What the addresses of a listing say instead of a code.
_TAKEN = ("none", "any")


def sync_terms(work: Work) -> None:
    """Make the table say what the package says, once per release; logged if anything changed.

    New terms are added, the words of shipped ones follow the package, and what the package no
    longer ships is retired. Terms a team added are theirs, and one it retired stays retired.
    """
    known = {(row.vocabulary, row.code): row for row in work.session.exec(select(TermRow))}
    changes: dict[str, list[str]] = {"added": [], "changed": [], "retired": []}
    shipped = set()
    for name, position, term in _shipped_terms():
        shipped.add((name, term.code))
        row = known.get((name, term.code))
        if row is None:
            work.session.add(_row(name, term, position))
            changes["added"].append(f"{name}.{term.code}")
        elif row.shipped and _follows(row, term, position):
            changes["changed"].append(f"{name}.{term.code}")
    for key, row in known.items():
        if row.shipped and row.retired_at is None and key not in shipped:
            row.retired_at = work.now
            changes["retired"].append(".".join(key))
    if any(changes.values()):
        log(work, "sync_terms", "term", None, {key: sorted(said) for key, said in changes.items()})


def add_term(work: Work, name: str, said: TermSaid) -> TermRow:
    """After the others of an open vocabulary. FieldErrors by the names of `TermSaid`."""
    _may_change(work, name)
    rows = _rows(work, name)
    errors = _faults(said, rows)
    if not _CODE.fullmatch(said.code) or len(said.code) > LONGEST_CODE:
        errors.add("code", "Use small letters from a to z, digits and _, a letter first.")
    elif said.code in _TAKEN or any(row.code == said.code for row in rows):
        errors.add("code", f"“{said.code}” is taken. Choose another code.")
    if errors:
        raise errors
    row = TermRow(
        vocabulary=name,
        code=said.code,
        label=said.label,
        definition=said.definition,
        example=said.example,
        position=1 + max((row.position for row in rows), default=-1),
        shipped=False,
    )
    work.session.add(row)
    log(work, "add_term", "term", None, {"term": f"{name}.{said.code}"})
    return row


def edit_term(work: Work, name: str, said: TermSaid, read: str) -> None:
    """The words of a term the team added; its code stays, as records hold it. WrongState when they
    are not those of the mark `read` any more (`words_mark`).
    """
    _may_change(work, name)
    rows = _rows(work, name)
    row = _row_of(rows, said.code)
    if row.shipped:
        raise NotAllowed("The words of this term come with the program.")
    errors = _faults(said, [other for other in rows if other is not row])
    if errors:
        raise errors
    if words_mark(row) != read:
        raise WrongState(
            f"Somebody changed it in between. It is “{row.label}” now: {row.definition}"
            f"{f' For example: {row.example}' if row.example else ''}"
            " Save again to put yours in its place."
        )
    if (row.label, row.definition, row.example) != (said.label, said.definition, said.example):
        row.label, row.definition, row.example = said.label, said.definition, said.example
        log(work, "edit_term", "term", None, {"term": f"{name}.{said.code}"})


def retire_term(work: Work, name: str, code: str) -> None:
    """Not offered any more; what was coded with it keeps it. NotAllowed for the last one in use."""
    _may_change(work, name)
    rows = _rows(work, name)
    row = _row_of(rows, code)
    if row.retired_at is not None:
        return
    if sum(1 for other in rows if other.retired_at is None) == 1:
        raise NotAllowed("This is the last term in use. Add or bring back another one first.")
    row.retired_at = work.now
    log(work, "retire_term", "term", None, {"term": f"{name}.{code}"})


def restore_term(work: Work, name: str, code: str) -> None:
    _may_change(work, name)
    row = _row_of(_rows(work, name), code)
    if row.retired_at is not None:
        row.retired_at = None
        log(work, "restore_term", "term", None, {"term": f"{name}.{code}"})


def _may_change(work: Work, name: str) -> None:
    """Takes the log's lock: of two administrators at once the second sees what the first did."""
    if not work.actor.may_administer:
        raise NotAllowed("Only an administrator changes vocabularies.")
    if name not in vocabularies():
        raise NotFound("There is no such vocabulary.")
    if vocabularies()[name].closed:
        raise NotAllowed("The program relies on each of these terms: they can’t be changed.")
    lock(work)


def _rows(work: Work, name: str) -> list[TermRow]:
    return list(work.session.exec(select(TermRow).where(TermRow.vocabulary == name)))


def _row_of(rows: list[TermRow], code: str) -> TermRow:
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        raise NotFound("There is no such term.")
    return row


def _faults(said: TermSaid, others: list[TermRow]) -> FieldErrors:
    errors = FieldErrors()
    if not said.label:
        errors.add("label", "Say what it is called on pages and in reports.")
    elif any(fold(other.label) == fold(said.label) for other in others):
        errors.add("label", f"There is a term called “{said.label}” here already.")
    if not said.definition:
        errors.add("definition", "Say when it is chosen, and what to choose instead near its edge.")
    for path, text, most in (
        ("label", said.label, LONGEST_LABEL),
        ("definition", said.definition, LONGEST_WORDS),
        ("example", said.example, LONGEST_WORDS),
    ):
        if len(text) > most:
            errors.add(path, f"Use at most {most:,} characters; these are {len(text):,}.")
        if has_unstorable(text):
            errors.add(path, UNSTORABLE)
    return errors


def _shipped_terms() -> Iterator[tuple[str, int, Term]]:
    for name, vocabulary in vocabularies().items():
        for position, term in enumerate(vocabulary.terms.values()):
            yield name, position, term


def _row(name: str, term: Term, position: int) -> TermRow:
    return TermRow(
        vocabulary=name,
        code=term.code,
        label=term.label,
        definition=term.definition,
        example=term.example,
        position=position,
        shipped=True,
    )


def _follows(row: TermRow, term: Term, position: int) -> bool:
    """Give the row the package's words; whether that changed it."""
    before = (row.label, row.definition, row.example, row.position)
    row.label, row.definition, row.example = term.label, term.definition, term.example
    row.position = position
    return before != (row.label, row.definition, row.example, row.position)

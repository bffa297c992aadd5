"""The bytes of an export: read in one snapshot, batch by batch, made as they are asked for.

The same data gives the same bytes: no time, no name and no filter stands in the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from incidents.csvio import Cell, rows_to_csv
from incidents.db import Database
from incidents.incident.columns import ColumnSet, Context, cells, columns_of
from incidents.incident.exports.options import ExportOptions, Profile, eyes
from incidents.incident.filters import IncidentFilter, for_export
from incidents.incident.queries.export_batches import (
    BATCHES,
    Which,
    term_labels,
    withheld_incidents,
)
from incidents.incident.queries.export_rows import CitationRow, IncidentRow
from incidents.viewer import Viewer

BATCH = 500


@dataclass
class Tally:
    """What went into a file, counted while it is made; None = not counted for this viewer."""

    rows: int = 0
    # Of the same filter: incidents its viewer may see and the public profile leaves out.
    withheld_incidents: int | None = None
    # In these rows: quotes left blank though there are words.
    withheld_quotes: int = 0


def stream(
    database: Database,
    asked: IncidentFilter,
    viewer: Viewer,
    options: ExportOptions,
    tally: Tally | None = None,
    *,
    batch: int = BATCH,
) -> Iterator[bytes]:
    """The file in chunks, with a session of its own; memory is that of one batch.

    `asked` was parsed and its names looked up through `eyes(viewer, options.profile)`; unless it
    names a status, the file holds approved incidents. Rows are in the order of references.
    """
    tally = tally or Tally()
    asked = for_export(asked)
    public = viewer.publicly()
    which = Which(eyes(viewer, options.profile), asked, batch)
    with database.snapshot() as session:
        if options.profile is Profile.PUBLIC and viewer.internal:
            tally.withheld_incidents = withheld_incidents(
                session, Which(viewer, asked, batch), public
            )
        lines = _lines(session, which, options, tally)
        yield from rows_to_csv(lines, safe=options.spreadsheet_safe)


def _lines(
    session: Session, which: Which, options: ExportOptions, tally: Tally
) -> Iterator[Sequence[Cell]]:
    columns = columns_of(options.subject, options.columns, internal=which.viewer.internal)
    labelled = options.columns is ColumnSet.REPORT
    context = Context(term_labels(session), options.base_url)
    yield [column.label if labelled else column.name for column in columns]
    for rows in BATCHES[options.subject](session, which):
        for row in rows:
            yield cells(columns, row, context, labelled=labelled)
            tally.rows += 1
            tally.withheld_quotes += _withheld(row, options)
        session.expunge_all()


def _withheld(row: Any, options: ExportOptions) -> int:
    """Quotes this row would have shown: those of a table without quotes don't count."""
    if isinstance(row, CitationRow):
        return int(row.withheld)
    if isinstance(row, IncidentRow) and options.columns is ColumnSet.REPORT:
        return sum(said.withheld for said in row.supporting)
    return 0

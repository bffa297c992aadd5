"""A detention with everything a record may hold, what a database counts, two things at once."""

import threading
from collections.abc import Callable

from sqlalchemy import func
from sqlmodel import select

from incidents.audit.models import AuditEntry, Revision
from incidents.incident.models import (
    Citation,
    Figure,
    Incident,
    Involvement,
    Party,
)
from incidents.incident.record import (
    CitationSaid,
    FigureSaid,
    InvolvementSaid,
    Record,
    RelationSaid,
    When,
)
from incidents.vocabulary.models import Place
from tests.team import Team

FULL = {
    "summary": "A man was detained and beaten.",
    "date": When(
        edtf="2011-12-18~/2011-12-19~",
        precision="few_days",
        basis="inferred_from_source",
        verbatim="that weekend",
        ongoing_when_reported=False,
    ),
    "place_precision": "settlement",
    "place_verbatim": "in the town",
    "details": {
        "form": "round_up",
        "facility": "town police station",
        "custody_status": "unknown",
        "released": "2011-12",
    },
    "notes": "Ask again.",
    "publication": "internal",
}
FIGURES = (
    FigureSaid(
        measure="detained",
        low=None,
        best=20,
        qualifier="approximately",
        verbatim="about 20 of them",
        in_totals=True,
        totals_reason="The only count.",
        citation=0,
    ),
    FigureSaid(
        measure="detained",
        best=5,
        sex="female",
        age_min=30,
        age_max=40,
        unit="person",
        citation=0,
        parent=0,
    ),
)


def full_record(team: Team) -> Record:
    source = team.source()
    return team.record(
        place=team.place("Janaozen"),
        subject_place=team.place("Aktau"),
        citations=(
            team.quoting(
                "There were about 20 of them.",
                source=source,
                fields=("date", "figures.detained"),
                speaker=team.party("woman by the road"),
                utterance="reported_speech",
                translated=True,
                basis="first_hand_eyewitness",
                credibility=3,
                note="She counted.",
            ),
            CitationSaid(source=team.source(None), stance="context"),
        ),
        figures=FIGURES,
        involvements=(
            InvolvementSaid(
                party=team.party("detained husband"),
                role="victim",
                attribution="stated_by_source",
                relationship="spouse_of",
                relationship_to=team.party("wife of detained man"),
                note="not heard of since",
            ),
        ),
        relations=(
            RelationSaid(
                type="about", to=team.id(team.recorded()), asserted_by="source", note="same night"
            ),
        ),
        **FULL,
    )


def counts(team: Team) -> dict[str, int]:
    models = (Incident, Citation, Figure, Involvement, Party, Place, Revision, AuditEntry)
    with team.reading() as session:
        return {
            model.__name__: session.exec(select(func.count()).select_from(model)).one()
            for model in models
        }


def both(*doing: Callable[[], object]) -> list[Exception]:
    """Run at the same moment in threads of their own; what they raised."""
    barrier, raised = threading.Barrier(len(doing)), []

    def run(one: Callable[[], object]) -> None:
        barrier.wait()
        try:
            one()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised

"""Makes sources one story, or parts them: what rests on them is single or corroborated anew."""

from collections.abc import Iterable

from sqlmodel import col, select

from incidents.incident.actions.computed import recompute
from incidents.incident.models import Citation
from incidents.source import actions as sources
from incidents.source.models import Source
from incidents.work import Work


def make_one_story(work: Work, reference: str, other: str) -> None:
    """`reference`, and whatever copies its story, copies the story of `other` from now on.

    Approved records stay as they are: how they are sourced is computed, and none of their words.
    As `source.actions.regroup_source` refuses.
    """
    _recompute(work, sources.regroup_source(work, reference, other))


def make_own_story(work: Work, reference: str) -> None:
    """A copy is a story of its own again."""
    _recompute(work, sources.regroup_source(work, reference, None))


def _recompute(work: Work, changed: Iterable[Source]) -> None:
    ids = [source.id for source in changed]
    citing = select(Citation.incident_id).where(col(Citation.source_id).in_(ids)).distinct()
    recompute(work.session, work.session.exec(citing).all())

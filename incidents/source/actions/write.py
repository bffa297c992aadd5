"""Writes sources: the row, its addresses and snapshot, the revision and the audit entry together.

Refuses to regroup what incidents cite already: that changes their sourcing, which is theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, exists, or_
from sqlmodel import col, select, update

from incidents import edtf
from incidents.addresses import hashes_of
from incidents.audit import actions as audit
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale, WrongState
from incidents.incident.models import Citation
from incidents.source.actions.checks import Address, checked, checked_reason
from incidents.source.actions.content import Prepared
from incidents.source.actions.snapshot import take
from incidents.source.models import Source, SourceAddress
from incidents.source.queries.lookup import said_of, source_by_reference
from incidents.source.queries.near import near_texts
from incidents.source.queries.same import sources_at, sources_with_content
from incidents.source.record import Confirmed, SourceSaid, to_json
from incidents.vocabulary.queries import labels_of, term_codes
from incidents.work import Work

_NOT_CONFIRMED = Confirmed()


@dataclass(frozen=True)
class _Checked:
    said: SourceSaid
    addresses: tuple[Address, ...]
    origin_id: int | None


def check_source(
    work: Work,
    said: SourceSaid,
    content: Prepared | None = None,
    *,
    confirmed: Confirmed = _NOT_CONFIRMED,
    form_token: str | None = None,
) -> Source | None:
    """What `add_source` would refuse, asked before its bytes are stored anywhere; writes nothing.

    Gives the source this form made before, None when it is still to be made.
    """
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers add sources.")
    made = _made_before(work, form_token)
    if made is None:
        ready = _checked(work, said, term_codes(work.session))
        _refuse_known(work, ready.said, ready.addresses, content, confirmed)
    return made


def add_source(
    work: Work,
    said: SourceSaid,
    content: Prepared | None = None,
    *,
    confirmed: Confirmed = _NOT_CONFIRMED,
    form_token: str | None = None,
) -> Source:
    """A new source, with a snapshot of the content, whose bytes the archive must hold by now.

    The same form token by the same actor gives the source it made before. FieldErrors by the names
    of `SourceSaid`, and of what is to be confirmed: `same_address_ok`, `same_text_ok`, `story`.
    """
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers add sources.")
    audit.lock(work)
    made = _made_before(work, form_token)
    if made is not None:
        return made
    ready = _checked(work, said, term_codes(work.session))
    _refuse_known(work, ready.said, ready.addresses, content, confirmed)
    source = Source(
        ref_year=work.now.year,
        ref_number=audit.next_reference(work, "source", work.now.year),
        protected=ready.said.protected,
        created_by=work.actor_id,
        created_at=work.now,
        form_token=form_token,
        **_columns(work, ready),
    )
    work.session.add(source)
    work.session.flush()
    _write_addresses(work, source, ready.addresses)
    if content is not None:
        take(work, source, content)
    keep_source(work, source, ready.said, "add")
    return source


def save_source(
    work: Work,
    reference: str,
    version: int,
    said: SourceSaid,
    *,
    confirmed: Confirmed = _NOT_CONFIRMED,
) -> Source:
    """New metadata, for `incident.actions.edit_source`, which makes it found; the same saves
    nothing.

    Stale when somebody saved since `version`. Whether it is protected stays as it was:
    `said.protected` is not looked at.
    """
    source = _to_change(work, reference)
    before = said_of(work.session, work.actor, source)
    ready = _checked(work, replace(said, protected=source.protected), _codes(work, before), source)
    if source.version == version and _same(ready, before, source):
        return source
    known = {before.url, *before.alternate_urls} if before.kind == ready.said.kind else set()
    new = [address for address in ready.addresses if address.url not in known]
    _refuse_known(work, ready.said, new, None, confirmed, source)
    if ready.origin_id != source.origin_id:
        _refuse_regrouping(work, source)
    update_source(work, source, version, _columns(work, ready))
    assert source.id is not None
    work.session.exec(delete(SourceAddress).where(col(SourceAddress.source_id) == source.id))
    _write_addresses(work, source, ready.addresses)
    keep_source(work, source, ready.said, "edit")
    return source


def source_as_typed(work: Work, source: Source, said: SourceSaid) -> SourceSaid:
    """What would be stored of it; writes nothing. FieldErrors as `save_source`."""
    codes = _codes(work, said_of(work.session, work.actor, source))
    return _checked(work, replace(said, protected=source.protected), codes, source).said


def close_source(work: Work, reference: str, reason: str) -> Source:
    """Nothing (more) is to be logged from it, and why. WrongState when it is closed already."""
    source = _to_change(work, reference)
    reason = checked_reason(reason)
    if source.closed_reason is not None:
        raise WrongState(f"{source.reference} is closed already.")
    said = said_of(work.session, work.actor, source)
    update_source(work, source, source.version, {"closed_reason": reason, "updated_at": work.now})
    keep_source(work, source, said, "close")
    return source


def reopen_source(work: Work, reference: str) -> Source:
    """There is something to log after all. WrongState when it is open."""
    source = _to_change(work, reference)
    if source.closed_reason is None:
        raise WrongState(f"{source.reference} is open already.")
    said = said_of(work.session, work.actor, source)
    update_source(work, source, source.version, {"closed_reason": None, "updated_at": work.now})
    keep_source(work, source, said, "reopen")
    return source


def _made_before(work: Work, form_token: str | None) -> Source | None:
    if form_token is None:
        return None
    return work.session.exec(
        select(Source).where(Source.created_by == work.actor_id, Source.form_token == form_token)
    ).one_or_none()


def _to_change(work: Work, reference: str) -> Source:
    if not work.actor.may_record:
        raise NotAllowed("Only researchers and reviewers change sources.")
    audit.lock(work)
    return source_by_reference(work.session, work.actor, reference)


def _codes(work: Work, before: SourceSaid) -> Mapping[str, frozenset[str]]:
    """What may be chosen: terms in use, and retired ones that stand there already."""
    codes = dict(term_codes(work.session))
    codes["source_kind"] |= {before.kind}
    codes["reliability"] |= {before.reliability or ""}
    codes["date_basis"] |= {before.published_basis or ""}
    return codes


def _same(ready: _Checked, before: SourceSaid, source: Source) -> bool:
    # An origin may be named by any member of its group.
    said = replace(ready.said, origin=before.origin)
    return said == before and ready.origin_id == source.origin_id


def _checked(
    work: Work,
    said: SourceSaid,
    codes: Mapping[str, frozenset[str]],
    source: Source | None = None,
) -> _Checked:
    errors = FieldErrors()
    origin_id = None
    try:
        said, addresses = checked(said, codes, work.now, day_first=work.actor.day_first)
    except FieldErrors as faults:
        errors = faults
    try:
        origin_id = _origin(work, said.origin, source)
    except FieldErrors as faults:
        errors.add("origin", faults.errors["origin"][0])
    if errors:
        raise errors
    return _Checked(said, addresses, origin_id)


def _origin(work: Work, reference: str | None, source: Source | None) -> int | None:
    """The root of the group the named source belongs to: groups are one level deep."""
    if not (reference or "").strip():
        hidden = source is not None and said_of(work.session, work.actor, source).origin is None
        return source.origin_id if source is not None and hidden else None
    try:
        origin = source_by_reference(work.session, work.actor, reference or "")
    except NotFound:
        raise FieldErrors(
            {"origin": "There is no such source. Write its reference, as SRC-2026-00007."}
        ) from None
    root = origin.origin_id or origin.id
    if source is not None and root == source.id:
        raise FieldErrors({"origin": "This source is the origin of that one."})
    return root


def _refuse_known(
    work: Work,
    said: SourceSaid,
    addresses: Iterable[Address],
    content: Prepared | None,
    confirmed: Confirmed,
    source: Source | None = None,
) -> None:
    """What stands at the same address, or has the same bytes or text, is asked about."""
    errors = FieldErrors()
    hashes = {address.hash for address in addresses}
    hashes |= hashes_of(content.also_at) if content is not None else set()
    known = () if confirmed.same_address else sources_at(work.session, work.actor, hashes)
    for other, _ in known:
        if source is not None and other.id == source.id:
            continue
        kind = labels_of(work.session, "source_kind", [other.kind])[other.kind].lower()
        told = f"{other.reference}, “{other.title}”, stands at this address already ({kind})."
        if other.kind == said.kind:
            told += " Open it, or tick this if yours is another source all the same."
        else:
            told += " Tick this if yours is another source."
        errors.add("same_address_ok", told)
    if content is not None and not confirmed.same_text:
        for other, same_bytes in sources_with_content(
            work.session, work.actor, content.sha256, content.text_sha256
        ):
            shared = "has exactly the same content" if same_bytes else "has the same text"
            told = f"{other.reference}, “{other.title}”, {shared}. Tick this if yours is a copy."
            errors.add("same_text_ok", told)
    for told in _near(work, said, content, confirmed):
        errors.add("story", told)
    if errors:
        raise errors


def _near(
    work: Work, said: SourceSaid, content: Prepared | None, confirmed: Confirmed
) -> Iterator[str]:
    """What has nearly the same text, unless somebody said which story it tells."""
    if content is None or content.text is None or confirmed.near_text or said.origin:
        return
    same = sources_with_content(work.session, work.actor, content.sha256, content.text_sha256)
    apart_from = [one.id or 0 for one, _ in same]
    for near in near_texts(work.session, work.actor, content.text, apart_from):
        yield (
            f"{near.source.reference}, “{near.source.title}”, has nearly this text."
            " Say whether yours copies its story."
        )


def _refuse_regrouping(work: Work, source: Source) -> None:
    cited = exists(select(Citation.id).where(col(Citation.source_id) == source.id))
    copied = exists(select(Source.id).where(col(Source.origin_id) == source.id))
    if work.session.exec(select(Source.id).where(Source.id == source.id, or_(cited, copied))).all():
        raise FieldErrors(
            {"origin": "Incidents or copies rest on this source: its origin can’t be changed here."}
        )


def _columns(work: Work, ready: _Checked) -> dict[str, Any]:
    said = ready.said
    main = ready.addresses[0] if said.url else None
    span = edtf.bounds(said.published) if said.published else None
    return {
        "title": said.title,
        "kind": said.kind,
        "publisher": said.publisher,
        "author": said.author,
        "url": said.url,
        "url_canonical": main.canonical if main else None,
        "url_hash": main.hash if main else None,
        "archive_url": said.archive_url,
        "language": said.language,
        "published_edtf": said.published,
        "published_earliest": span.earliest if span else None,
        "published_latest": span.latest if span else None,
        "published_basis": said.published_basis,
        "accessed_at": said.accessed_at,
        "reliability": said.reliability,
        "reliability_reason": said.reliability_reason,
        "origin_id": ready.origin_id,
        "updated_at": work.now,
    }


def update_source(work: Work, source: Source, version: int, values: Mapping[str, Any]) -> None:
    taken = work.session.exec(
        update(Source)
        .where(col(Source.id) == source.id, col(Source.version) == version)
        .values(**values, version=version + 1)
    )
    work.session.refresh(source)
    if taken.rowcount != 1:
        raise Stale(
            f"{source.reference} was saved by someone else in between.",
            current_version=source.version,
        )


def _write_addresses(work: Work, source: Source, addresses: Iterable[Address]) -> None:
    assert source.id is not None
    others = (address for address in addresses if address.path == "alternate_urls")
    for position, address in enumerate(others):
        row = SourceAddress(
            source_id=source.id, position=position, url=address.url, url_hash=address.hash
        )
        work.session.add(row)


def keep_source(work: Work, source: Source, said: SourceSaid, action: str) -> None:
    assert source.id is not None
    payload = to_json(said, origin_id=source.origin_id, closed_reason=source.closed_reason)
    reason = source.closed_reason if action == "close" else None
    audit.keep_revision(work, "source", source.id, source.version, payload, reason)
    told = {"reference": source.reference, "version": source.version}
    audit.log(work, action, "source", source.id, told)

"""Brings the canonical addresses of sources up to this release's rules.

They are computed, never said: no version, revision or entry in the log changes with them. A
migration would have to hold a copy of the rules, and another at each change of them.
"""

from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from incidents.addresses import AddressError, address_hash, canonical
from incidents.db import table_of
from incidents.source.models import Source, SourceAddress
from incidents.work import Work

_SOURCE = table_of(Source)
_ADDRESS = table_of(SourceAddress)


def recompute_addresses(work: Work) -> int:
    """How many addresses stand under another canonical form now; two statements when none does."""
    own = [
        {"of": source_id, "same": same, "digest": address_hash(same)}
        for source_id, url, before in work.session.exec(
            select(Source.id, Source.url, Source.url_canonical).where(col(Source.url).is_not(None))
        )
        if (same := _canonical(url)) is not None and same != before
    ]
    others = [
        {"of": source_id, "at": position, "digest": address_hash(same)}
        for source_id, position, url, before in work.session.exec(
            select(
                SourceAddress.source_id,
                SourceAddress.position,
                SourceAddress.url,
                SourceAddress.url_hash,
            )
        )
        if (same := _canonical(url)) is not None and address_hash(same) != before
    ]
    connection = work.session.connection()
    if own:
        change: Any = update(_SOURCE).where(_SOURCE.c.id == bindparam("of"))
        values: dict[str, Any] = {
            "url_canonical": bindparam("same"),
            "url_hash": bindparam("digest"),
        }
        connection.execute(change.values(values), own)
    if others:
        of_source = _ADDRESS.c.source_id == bindparam("of")
        change = update(_ADDRESS).where(of_source, _ADDRESS.c.position == bindparam("at"))
        connection.execute(change.values(url_hash=bindparam("digest")), others)
    return len(own) + len(others)


def _canonical(url: str | None) -> str | None:
    """None for what these rules would refuse: it stays as it was stored."""
    try:
        return canonical(url or "")
    except AddressError:
        return None

"""Opens and closes what is ciphertext: quotes of protected sources, names of parties."""

import base64
import json

from sqlmodel import Session, select

from incidents.crypto import Keyring, SealError
from incidents.errors import NotFound
from incidents.incident.models import Party, PartyKey
from incidents.incident.record import CitationSaid, Quote, Record, to_json
from incidents.source.models import SourceKey
from incidents.source.queries import opened_words, sealed_words, source_key


def sealed_quote(session: Session, keyring: Keyring, citation: CitationSaid) -> CitationSaid:
    """The citation as it is stored: words of a protected source become ciphertext."""
    quote = citation.quote
    if quote is None or quote.sealed:
        return citation
    key = source_key(session, keyring, citation.source)
    if key is None:
        return citation
    sealed = sealed_words(key, (quote.exact, quote.prefix, quote.suffix), citation.source)
    closed = Quote(
        exact="", start=quote.start, end=quote.end, sealed=base64.b64encode(sealed).decode()
    )
    return citation.model_copy(update={"quote": closed})


def opened_record(session: Session, keyring: Keyring, record: Record) -> Record:
    """The record with sealed quotes in clear, for who may see it; erased ones stay blank."""
    if not any(citation.quote and citation.quote.sealed for citation in record.citations):
        return record
    opened = tuple(_opened(session, keyring, citation) for citation in record.citations)
    return record.model_copy(update={"citations": opened})


def says_the_same(session: Session, keyring: Keyring, one: Record, other: Record) -> bool:
    """Whether two stored records say the same: sealing the same words twice gives other bytes."""
    if to_json(one) == to_json(other):
        return True
    opened = (opened_record(session, keyring, record) for record in (one, other))
    return len({to_json(record) for record in opened}) == 1


def _opened(session: Session, keyring: Keyring, citation: CitationSaid) -> CitationSaid:
    quote = citation.quote
    if quote is None or not quote.sealed:
        return citation
    key = source_key(session, keyring, citation.source)
    if key is None:
        return citation
    exact, prefix, suffix = opened_words(key, base64.b64decode(quote.sealed), citation.source)
    clear = Quote(exact=exact, prefix=prefix, suffix=suffix, start=quote.start, end=quote.end)
    return citation.model_copy(update={"quote": clear})


def party_names(
    session: Session, keyring: Keyring, party: Party
) -> tuple[str | None, tuple[str, ...]]:
    """(name, aliases) in clear; (None, ()) when nobody says one. NotFound once erased."""
    if party.erased_at is not None:
        raise NotFound("This name was erased.")
    if party.name_sealed is None:
        return None, ()
    stored = session.exec(select(PartyKey).where(PartyKey.party_id == party.id)).one()
    assert stored.wrapped is not None and party.id is not None
    return opened_names(keyring, party.id, stored.wrapped, party.name_sealed)


def opened_names(
    keyring: Keyring, party_id: int, wrapped: bytes, sealed: bytes
) -> tuple[str | None, tuple[str, ...]]:
    """(name, aliases) in clear, by the party’s wrapped key."""
    key = keyring.unwrap(wrapped, "party_key", party_id)
    clear = keyring.unseal(key, sealed, table="party", row_id=party_id, version=1)
    said = json.loads(clear)
    return said["name"], tuple(said["aliases"])


def keys_kept(session: Session, keyring: Keyring) -> tuple[int, int]:
    """How many keys of parties and protected sources are kept, and how many of them don't open."""
    parties = select(PartyKey.party_id, PartyKey.wrapped)
    sources = select(SourceKey.source_id, SourceKey.wrapped)
    kept = [("party_key", *row) for row in session.exec(parties)]
    kept += [("source_key", *row) for row in session.exec(sources)]
    whole = [(table, row_id, wrapped) for table, row_id, wrapped in kept if wrapped is not None]
    return len(whole), sum(not _opens(keyring, *one) for one in whole)


def opened_label(keyring: Keyring, party_id: int, wrapped: bytes | None, sealed: str) -> str | None:
    """A public party's label as a revision keeps it, in clear; None once its key is destroyed."""
    if wrapped is None:
        return None
    key = keyring.unwrap(wrapped, "party_key", party_id)
    return keyring.unseal(key, bytes.fromhex(sealed), table="party", row_id=party_id, version=1)


def _opens(keyring: Keyring, table: str, row_id: int, wrapped: bytes) -> bool:
    try:
        keyring.unwrap(wrapped, table, row_id)
    except SealError:
        return False
    return True

"""The sources that may be the one in a new source's form, said before anything is kept."""

from hashlib import sha256

from incidents.addresses import AddressError, address_hash, canonical
from incidents.source.actions import Prepared
from incidents.source.forms import NewSourceForm
from incidents.source.queries import KnownSource, known_sources
from incidents.source.record import pasted
from incidents.web import session, viewer


def known_beside(form: NewSourceForm, prepared: Prepared | None) -> tuple[KnownSource, ...]:
    """By its addresses, and by its text or file; without those that were answered already."""
    confirmed = form.confirmed()
    typed = [form.url.data or "", *(form.alternate_urls.data or "").splitlines()]
    hashes = {digest for url in typed if (digest := _hash(url))}
    digest, text_digest = _content(form, prepared)
    found = known_sources(session(), viewer(), hashes, digest, text_digest)
    return tuple(
        one
        for one in found
        if ("address" in one.ways and not confirmed.same_address)
        or (one.ways != ("address",) and not confirmed.same_text)
    )


def _hash(url: str) -> str | None:
    try:
        return address_hash(canonical(url))
    except AddressError:
        return None


def _content(form: NewSourceForm, prepared: Prepared | None) -> tuple[str | None, str | None]:
    """What the archive would call its bytes, and the text's digest; None each without content."""
    if prepared is not None:
        return prepared.sha256, prepared.text_sha256
    text = form.text.data or ""
    if not text.strip() or form.protected.data:
        return None, None
    digest = sha256(pasted(text).body).hexdigest()
    return digest, digest

"""The sources that may be the one in a new source's form, said before anything is kept."""

from hashlib import sha256

from incidents.addresses import hashes_of
from incidents.source.actions import Prepared
from incidents.source.forms import NewSourceForm
from incidents.source.queries import KnownSource, known_sources
from incidents.source.record import pasted
from incidents.web import session, viewer


def known_beside(form: NewSourceForm, prepared: Prepared | None) -> tuple[KnownSource, ...]:
    """By its addresses, and by its text or file; without those that were answered already."""
    confirmed = form.confirmed()
    typed = [form.url.data or "", *(form.alternate_urls.data or "").splitlines()]
    hashes = hashes_of([*typed, *(prepared.also_at if prepared is not None else ())])
    digest, text_digest, text = _content(form, prepared)
    found = known_sources(session(), viewer(), hashes, digest, text_digest, text=text)
    answered = {
        "address": confirmed.same_address,
        "text": confirmed.same_text,
        "bytes": confirmed.same_text,
        "near": confirmed.near_text,
    }
    return tuple(one for one in found if not all(answered[way] for way in one.ways))


def _content(
    form: NewSourceForm, prepared: Prepared | None
) -> tuple[str | None, str | None, str | None]:
    """What the archive would call its bytes, the text's digest, and the text; None each without
    content."""
    if prepared is not None:
        return prepared.sha256, prepared.text_sha256, prepared.text
    text = form.text.data or ""
    if not text.strip() or form.protected.data:
        return None, None, None
    body = pasted(text).body
    digest = sha256(body).hexdigest()
    return digest, digest, body.decode()

"""Checks what was said about a source, alone: no database, no other source.

Owns the shape of each field and the sentence that says how to mend it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from incidents import dates
from incidents.addresses import AddressError, address_hash, canonical, page_archived
from incidents.dates_beside import Beside, read_beside
from incidents.errors import FieldErrors
from incidents.folding import has_unstorable
from incidents.source.record import SourceSaid

LONGEST_TITLE = 500
LONGEST_NAME = 300
LONGEST_REASON = 2000
MOST_ADDRESSES = 20
# BCP 47 without its rarities: language, script, region, variants.
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<script>-[a-z]{4})?(?P<region>-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)
# Clocks differ, and a day begins earlier in the east.
_AHEAD = timedelta(days=1)
_ARCHIVED = (
    "This is the address of a copy in a web archive. Give the page’s own, {}, and this one under"
    " “Address in a web archive”."
)


@dataclass(frozen=True)
class Address:
    """One of a source's addresses: the field it was typed in, as typed, canonical, and its hash."""

    path: str
    url: str
    canonical: str
    hash: str


def checked(
    said: SourceSaid,
    codes: Mapping[str, frozenset[str]],
    now: datetime,
    *,
    day_first: bool | None = None,
) -> tuple[SourceSaid, tuple[Address, ...]]:
    """What was said, tidied, and its addresses, main one first. FieldErrors names every fault.

    `day_first` is how the person who said it writes 04.05.2012; None = not asked yet.
    """
    said = _tidied(said)
    errors = FieldErrors()
    for path, message in (
        *_faults_of_words(said),
        *_faults_of_codes(said, codes),
        *_faults_of_dates(said, now),
    ):
        errors.add(path, message)
    published = _published(said, Beside(day_first), now, errors)
    addresses = _addresses(said, errors)
    if errors:
        raise errors
    alternates = tuple(address.url for address in addresses if address.path == "alternate_urls")
    return replace(said, alternate_urls=alternates, published=published), addresses


def checked_reason(reason: str) -> str:
    """Why a source is closed. FieldErrors on `reason`."""
    reason = reason.strip()
    if not reason:
        raise FieldErrors({"reason": "Say why nothing is to be logged from it."})
    if len(reason) > LONGEST_REASON or has_unstorable(reason):
        raise FieldErrors({"reason": f"Say it in at most {LONGEST_REASON} characters."})
    return reason


def _tidied(said: SourceSaid) -> SourceSaid:
    return replace(
        said,
        title=" ".join(said.title.split()),
        publisher=" ".join((said.publisher or "").split()) or None,
        author=" ".join((said.author or "").split()) or None,
        url=(said.url or "").strip() or None,
        archive_url=(said.archive_url or "").strip() or None,
        alternate_urls=tuple(url.strip() for url in said.alternate_urls if url.strip()),
        language=_language((said.language or "").strip()) or None,
        published=(said.published or "").strip() or None,
        published_basis=said.published_basis or None,
        reliability=said.reliability or None,
        reliability_reason=(said.reliability_reason or "").strip() or None,
        origin=(said.origin or "").strip() or None,
    )


def _language(tag: str) -> str:
    match = _LANGUAGE.fullmatch(tag)
    if match is None:
        return tag
    script, region = match["script"] or "", match["region"] or ""
    return match["language"].lower() + script.title() + region.upper() + match["variants"].lower()


def _faults_of_words(said: SourceSaid) -> Iterator[tuple[str, str]]:
    if not said.title:
        yield "title", "Give the source a title."
    for path, text, most in (
        ("title", said.title, LONGEST_TITLE),
        ("publisher", said.publisher, LONGEST_NAME),
        ("author", said.author, LONGEST_NAME),
        ("reliability_reason", said.reliability_reason, LONGEST_REASON),
    ):
        if text and len(text) > most:
            yield path, f"Use at most {most} characters; these are {len(text)}."
        if text and has_unstorable(text):
            yield path, "There is a character in it that can’t be stored. Type the words again."
    if (many := len(said.alternate_urls)) > MOST_ADDRESSES:
        yield (
            "alternate_urls",
            f"These are {many} addresses; at most {MOST_ADDRESSES} are kept. Leave those by which"
            " somebody may look for it.",
        )
    if said.protected and said.author:
        yield "author", "Leave it empty: the author of a protected source would be stored in clear."
    if said.language and not _LANGUAGE.fullmatch(said.language):
        yield "language", "Write the language as its code: en, ru, kk, or kk-Cyrl."


def _faults_of_codes(
    said: SourceSaid, codes: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    if said.kind not in codes["source_kind"]:
        yield "kind", "Choose the kind of source."
    if said.published_basis is not None and said.published_basis not in codes["date_basis"]:
        yield "published_basis", "Choose how the date is known, or leave it empty."
    if said.reliability is not None and said.reliability not in codes["reliability"]:
        yield "reliability", "Choose a grade from A to F, or none."
    if said.reliability_reason and not said.reliability:
        yield "reliability", "Choose the grade this reason is for."


def _faults_of_dates(said: SourceSaid, now: datetime) -> Iterator[tuple[str, str]]:
    if said.published is None and said.published_basis is not None:
        yield "published", "Give the date, or leave empty how it is known."
    if said.accessed_at is not None and said.accessed_at > now + _AHEAD:
        yield "accessed_at", "This is in the future. Give the day you read it."


def _published(said: SourceSaid, beside: Beside, now: datetime, errors: FieldErrors) -> str | None:
    """In EDTF, read as people type it."""
    if said.published is None:
        return None
    try:
        published = read_beside(said.published, beside).edtf
    except dates.DateError as error:
        errors.add("published", str(error))
        return None
    if dates.in_future(published, (now + _AHEAD).date()):
        errors.add("published", dates.still_to_come(published))
    return published


def _addresses(said: SourceSaid, errors: FieldErrors) -> tuple[Address, ...]:
    """Each once: an alternate that is the same as one before it is dropped, an archive's stays."""
    found: dict[str, Address] = {}
    typed = [("url", said.url), *(("alternate_urls", url) for url in said.alternate_urls)]
    for path, url in (*typed, ("archive_url", said.archive_url)):
        if url is None:
            continue
        try:
            same = canonical(url)
        except AddressError as error:
            told = error.message if path != "alternate_urls" else f"“{url[:80]}”: {error.message}"
            errors.add(path, told)
            continue
        # What an archive keeps is a copy of some page, never the address of this source.
        page = page_archived(url)
        if path == "url" and page is not None:
            errors.add(path, _ARCHIVED.format(page))
        elif path != "archive_url":
            key = url if page is not None else same
            found.setdefault(key, Address(path, url, same, address_hash(same)))
    if said.alternate_urls and not said.url:
        errors.add("url", "Give the main address here, or move one of the others up.")
    return tuple(found.values())

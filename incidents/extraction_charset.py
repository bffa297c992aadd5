"""Bytes of any charset as text: a mark or valid UTF-8 first, then what is declared, if the text it
gives is made of the letters of some language, else the charset whose text is.

Owns the choice; refuses to guess among languages, or to repair what was broken before.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from incidents.extraction_letters import CANDIDATES, LETTERS, NEUTRAL, Language

# Bytes looked at to choose: the first that are not ASCII, with what stands around them.
_SAMPLE = 60_000
# The share of its letters that must be some language's, for what is declared to be believed.
_BELIEVED = 0.9
_LIKELY = 0.6
# How much better another charset must explain the letters than the one declared.
_BETTER = 0.04
# No language writes so inside a word: capitals after small letters, letters of two scripts.
_NO_WORD = re.compile(
    "[а-яёіїєґўa-zà-öø-ÿα-ω][А-ЯЁІЇЄҐЎÀ-ÖØ-ÞΑ-Ω]|[a-z][Ͱ-ӿ֐-ۿ฀-๿]|[Ͱ-ӿ֐-ۿ฀-๿][a-z]"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As browsers read these labels: https://encoding.spec.whatwg.org/#names-and-labels.
_LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-cyrillic": "mac-cyrillic",
    "unicode": "utf-16-le",
}
# They hide ASCII in other signs, or are no charsets at all.
_NEVER = frozenset({"utf-7", "idna", "punycode", "raw-unicode-escape", "unicode-escape", "mbcs"})
_TAG = re.compile(rb"<[^<>]{0,4000}>")
_DECLARED = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Decoded:
    """`guessed`: neither a mark nor a label decided. `lost`: how many signs could not be read."""

    text: str
    charset: str
    guessed: bool = False
    lost: int = 0


def decoded(body: bytes, declared: Iterable[str | None] = ()) -> Decoded:
    """The text, without a byte order mark; a sign that can't be read is U+FFFD.

    declared: labels, the most trusted first, as by HTTP and in the mail's header.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _as(body[len(mark) :], charset)
    if b"\x1b$" in body and b"\x1b(" in body:
        return _as(body, "iso2022_jp_2")
    wide = _wide(body)
    if wide:
        return _as(body, wide)
    try:
        return Decoded(body.decode(), "utf-8")
    except UnicodeDecodeError:
        pass
    if _broken_utf8(body):
        return _as(body, "utf-8")
    return _chosen(body, [name for label in declared if (name := _codec(label))])


def declared_in_page(body: bytes) -> str | None:
    """The charset an HTML page says it is in; None when it says nothing."""
    said = _DECLARED.search(body, 0, 200_000)
    return (said[1] or said[2]).decode() if said else None


def _as(body: bytes, charset: str, *, guessed: bool = False) -> Decoded:
    text = _read(body, charset)
    return Decoded(text, charset, guessed, text.count("\ufffd"))


def _read(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, "replace")
    except RuntimeError:
        # Python's own Japanese ones give up on some escapes that nobody writes: "internal error".
        return body.decode("ascii", "replace")


def _codec(label: str | None) -> str | None:
    label = (label or "").strip().strip("\"'").lower()
    name = _LABELS.get(label, label)
    if not name or name in _NEVER:
        return None
    try:
        found = codecs.lookup(name)
        # Some of Python's codecs turn bytes into bytes.
        b"a".decode(found.name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if found.name in _NEVER else _LABELS.get(found.name, found.name)


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: markup and spaces leave every other byte zero."""
    head = body[:4000]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if len(head) < 8 or max(odd, even) * 5 < len(head) or min(odd, even) * 20 > max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _broken_utf8(body: bytes) -> bool:
    """Nearly all of its signs beyond ASCII are well-formed: it was cut or patched somewhere."""
    text = body.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    beyond = sum(1 for sign in text[:2_000_000] if sign > "\x7f") - lost
    return beyond >= 4 and beyond >= lost * 8


def _chosen(body: bytes, declared: list[str]) -> Decoded:
    sample = _sample(body)
    fits = [(_fit(sample, one.charset, [LETTERS[one.language]]), one) for one in CANDIDATES]
    fit, best = max(fits, key=lambda pair: pair[0])
    for name in declared:
        said = _fit(sample, name, LETTERS.values()) if name != "utf-8" else 0.0
        if said >= _BELIEVED and said >= fit - _BETTER:
            return _as(body, name)
    if fit > _LIKELY:
        return _as(body, best.charset, guessed=True)
    return _as(body, next(iter(declared), "cp1252"), guessed=True)


def _sample(body: bytes) -> bytes:
    """Words beyond ASCII, without markup, each whole."""
    clear = _TAG.sub(b" ", _without_programs(body[:2_000_000]))
    words = [word for word in clear.split() if not word.isascii()]
    return b" ".join(words)[:_SAMPLE]


def _without_programs(body: bytes) -> bytes:
    lower = body.lower()
    kept, at = [], 0
    while (start := lower.find(b"<script", at)) >= 0:
        end = lower.find(b"</script", start)
        if end < 0:
            break
        kept.append(body[at:start])
        at = end
    return b" ".join((*kept, body[at:]))


def _fit(sample: bytes, charset: str, languages: Iterable[Language]) -> float:
    """How well the best of the languages explains the signs beyond ASCII, at most 1."""
    text = _read(sample, charset)
    signs = Counter(sign for sign in text if sign > "\x7f" and sign not in NEUTRAL)
    total = sum(signs.values())
    if not total:
        # Nothing but quotation marks and dashes.
        return _BELIEVED
    turned = sum(1 for _ in _NO_WORD.finditer(text)) / total
    return max(_share(signs, total, language) for language in languages) - turned


def _share(signs: Counter[str], total: int, language: Language) -> float:
    common = frozenset(language.common + language.common.upper())
    others = frozenset(language.others + language.others.upper())
    usual = known = 0
    for sign, times in signs.items():
        if sign in common:
            usual += times
        elif sign in others or any(low <= sign <= high for low, high in language.blocks):
            known += times
    lacking = max(0.0, 1 - usual / total / language.expected)
    return (usual + known) / total - lacking / 2

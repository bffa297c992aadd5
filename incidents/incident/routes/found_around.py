"""What stands around the words quoted in a form: the place the text named last before them, and a
label by which a person they speak of can be called. Offers nothing by itself: `found` does.
"""

from collections.abc import Iterable

from incidents.found_counts import found_counts
from incidents.found_words import ReadText
from incidents.incident.queries.named_in_words import places_in_words
from incidents.passages import SearchedText
from incidents.source.queries import ids_by_reference, source_by_reference, texts_for_quotes
from incidents.vocabulary.queries import PlaceView
from incidents.web import services, session, viewer

# A place named further back is not what a reader has in mind.
_BEFORE = 2_500
# As English says it of whom an incident befell; of the other types a label says nothing of it.
_BEFALLEN = {
    "detention": "detained",
    "disappearance": "disappeared",
    "ill_treatment": "ill-treated",
    "injury": "injured",
    "killing": "killed",
}


def place_before(reference: str, words: str) -> PlaceView | None:
    """The team's place that a source names last before these words, its headline before its text.

    None where they are not in it, or nothing is named. A constant number of statements.
    """
    ids = ids_by_reference(session(), viewer(), {reference})
    texts = texts_for_quotes(session(), viewer(), services().keyring, set(ids.values()))
    for _, text in texts.get(ids.get(reference, 0), []):
        found = SearchedText(text).find(words)
        if found is not None:
            title = source_by_reference(session(), viewer(), reference).title
            return _last_named(f"{title}\n\n{text[max(0, found.start - _BEFORE) : found.start]}")
    return None


def labels_in(words: ReadText, kind: str) -> Iterable[str]:
    """“her husband” in a detention’s words → “detained husband”: what everybody may read of him."""
    for one in found_counts(words):
        called = one.words.split()[-1].strip(".,;:’'\"”").lower() if one.of_one_person else ""
        if called.isascii() and called.isalpha():
            yield " ".join(filter(None, (_BEFALLEN.get(kind), called)))


def _last_named(text: str) -> PlaceView | None:
    named = places_in_words(session(), viewer(), text)
    if not named:
        return None
    return max(named, key=lambda one: text.rfind(text[one.start : one.end])).place

"""The places an entry names: found by name or path, or made. Errors carry the entry's own paths."""

from incidents.errors import FieldErrors
from incidents.folding import fold
from incidents.incident.record.entry import Entry
from incidents.vocabulary.actions import add_place
from incidents.vocabulary.queries import PlaceView, places_named
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work


def place_meant(work: Work, entry: Entry, path: str, errors: FieldErrors) -> int | None:
    """The id of the place typed at `path`, made when it is a new one; None when nobody says."""
    text: str = getattr(entry, path).strip()
    if not text:
        return None
    found = _places_meant(work, text)
    if len(found) == 1:
        return found[0].id
    if len(found) > 1:
        paths = "; ".join(place.path for place in found[:5])
        errors.add(path, f"Several places are called “{text}”. Type one of these in full: {paths}")
    elif path == "place" and (entry.place_country or entry.place_within.strip()):
        return _new_place(work, entry, text, errors)
    else:
        errors.add(
            path, f"No place is called “{text}” yet. Choose it from the list, or add it below."
        )
    return None


def _places_meant(work: Work, text: str) -> list[PlaceView]:
    """By name or alias; by its whole path, as the list offers it, where several share a name."""
    by_name = places_named(work.session, text)
    if by_name:
        return by_name
    first = text.split(",")[0]
    return [place for place in places_named(work.session, first) if fold(place.path) == fold(text)]


def _new_place(work: Work, entry: Entry, name: str, errors: FieldErrors) -> int | None:
    parent = None
    if entry.place_within.strip():
        parents = _places_meant(work, entry.place_within.strip())
        if len(parents) != 1:
            errors.add("place_within", "Name one place that exists already, or leave this empty.")
            return None
        parent = parents[0].id
    said = PlaceSaid(
        name=name,
        country=entry.place_country,
        parent=parent,
        precision=entry.place_precision or None,
    )
    try:
        return add_place(work, said).id
    except FieldErrors as refused:
        for path, messages in refused.errors.items():
            for message in messages:
                errors.add("place_country" if path == "country" else "place", message)
    return None

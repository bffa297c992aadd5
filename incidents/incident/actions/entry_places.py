"""The places an entry names: chosen from the list, found by name or path, or made.

Errors carry the entry's own paths.
"""

from incidents.errors import FieldErrors
from incidents.incident.record.entry import Entry
from incidents.vocabulary.actions import place_added, places_chosen
from incidents.vocabulary.queries import PlaceView
from incidents.vocabulary.record import PlaceSaid
from incidents.work import Work


def place_meant(work: Work, entry: Entry, path: str, errors: FieldErrors) -> int | None:
    """The id of the place typed at `path`, made when it is a new one; None when nobody says.

    One chosen from the gazetteer becomes a place of the team's.
    """
    text: str = getattr(entry, path).strip()
    if not text:
        return None
    found = _places_meant(work, entry, path, errors)
    if found is None:
        return None
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


def _places_meant(
    work: Work, entry: Entry, path: str, errors: FieldErrors
) -> list[PlaceView] | None:
    """None where a settlement was chosen that can't be taken over; the error is told."""
    try:
        return places_chosen(work, getattr(entry, path).strip(), getattr(entry, f"{path}_id"))
    except FieldErrors as refused:
        for messages in refused.errors.values():
            for message in messages:
                errors.add(path, message)
        return None


def _new_place(work: Work, entry: Entry, name: str, errors: FieldErrors) -> int | None:
    parent = None
    if entry.place_within.strip():
        parents = _places_meant(work, entry, "place_within", errors)
        if parents is None:
            return None
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
        return place_added(work, said)
    except FieldErrors as refused:
        for path, messages in refused.errors.items():
            for message in messages:
                errors.add("place_country" if path == "country" else "place", message)
    return None

"""The keys of the pages, declared once.

Templates give a key to a real link, button, form or field (`key("new source")` in its tag); the
page's script presses what carries it, and the page's list of keys is made of those given out. So
help and behaviour can't differ.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import flask
from flask import Flask
from markupsafe import Markup

from incidents.incident.types import TYPES
from incidents.viewer import Viewer
from incidents.web.request import viewer_if_known

PAGES = "Everywhere"
GOING = "Going to another page"
LOGGING = "New incident, with the words selected as its quote"
WORDS = "With words selected in the text"
READING = "Reading a source"
FORMS = "In a form"
LISTS = "In the list of incidents"
_CAPS = {"ctrl": "Ctrl", "enter": "Enter", "escape": "Esc"}
_ARIA = {"ctrl": "Control", "enter": "Enter", "escape": "Escape"}


@dataclass(frozen=True)
class Key:
    """`keys` are pressed together (`ctrl+s`) or one after the other (`g d`).

    `how`: press it, take the focus to it, go to the next or previous of `items` in it; a browser
    does "native" ones by itself. `only` names a right without which there is no such key.
    """

    keys: str
    does: str
    where: str
    how: str = "press"
    items: str = ""
    only: str = ""

    @property
    def caps(self) -> tuple[tuple[str, ...], ...]:
        """As they stand on a keyboard; one tuple for each moment."""
        return tuple(
            tuple(_CAPS.get(part, part.upper()) for part in moment.split("+"))
            for moment in self.keys.split()
        )

    @property
    def attributes(self) -> Iterator[tuple[str, str]]:
        if self.how != "native":
            yield "data-key" + ("" if self.how == "press" else f"-{self.how}"), self.keys
        if self.items:
            yield "data-key-items", self.items

    @property
    def said(self) -> str:
        """For aria-keyshortcuts, which knows no keys one after the other."""
        if len(self.keys.split()) > 1 or self.how == "native":
            return ""
        return "+".join(_ARIA.get(part, part.upper()) for part in self.keys.split("+"))


_QUOTES, _ROWS = "a.qn", "tr a.t"
KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "search": Key("/", "Search incidents", PAGES),
        "new source": Key("n", "New source", PAGES, only="may_record"),
        "keys": Key("?", "The keys of this page", PAGES),
        "close": Key(
            "escape", "Close what is open, and go back to where you were", PAGES, "native"
        ),
        "to the desk": Key("g d", "Desk", GOING),
        "to the sources": Key("g s", "Sources", GOING),
        "to the incidents": Key("g i", "Incidents", GOING),
        "to review": Key("g r", "Review", GOING, only="may_review"),
        "new incident": Key("n", "Choose its type", LOGGING, only="may_record"),
        **{
            f"type {one.code}": Key(one.key.lower(), one.label, LOGGING, only="may_record")
            for one in TYPES.values()
        },
        "words": Key("b", "To what can be done with them", WORDS, "focus", only="may_record"),
        "add words": Key("a", "Add them to an incident as a quote", WORDS, only="may_record"),
        "as summary": Key("u", "Use them as the summary", WORDS, only="may_record"),
        "fill field": Key(".", "Fill the field last in focus", WORDS, only="may_record"),
        "rest field": Key(",", "The field last in focus rests on them", WORDS, only="may_record"),
        "previous quote": Key("[", "The quote before", READING, "previous", _QUOTES),
        "next quote": Key("]", "The next quote", READING, "next", _QUOTES),
        "submit": Key(
            "ctrl+enter", "The main button, as “Submit for review”", FORMS, only="may_record"
        ),
        "save": Key("ctrl+s", "Save as a draft", FORMS, only="may_record"),
        "use found": Key(
            "ctrl+.", "Use what is suggested for this field", FORMS, only="may_record"
        ),
        "use all found": Key(
            "ctrl+,",
            "Use what is suggested, for every empty field",
            FORMS,
            only="may_record",
        ),
        "next row": Key("j", "The next row", LISTS, "next", _ROWS),
        "previous row": Key("k", "The row before", LISTS, "previous", _ROWS),
        "open row": Key("enter", "Open the row", LISTS, "native"),
        "filters": Key("f", "To the filters", LISTS, "focus"),
        "export": Key("e", "To the export", LISTS, "focus"),
    }
)


def add_keys(app: Flask) -> None:
    app.jinja_env.globals.update(
        key=key_given, keycap=keycap, keys_of_page=keys_of_page, every_key=every_key
    )


def key_given(*names: str) -> Markup:
    """The attributes that give an element these keys; none for who has switched them off."""
    if not _switched_on():
        return Markup()
    given = [KEYS[name] for name in names]
    flask.g.setdefault("keys_given", set()).update(names)
    pairs = dict(pair for one in given for pair in one.attributes)
    said = " ".join(one.said for one in given if one.said)
    if said:
        pairs["aria-keyshortcuts"] = said
    return Markup("").join(Markup(' {}="{}"').format(*pair) for pair in pairs.items())


def keycap(name: str) -> Markup:
    """The key as a badge, for those who see it; none for who has switched keys off."""
    if not _switched_on():
        return Markup()
    caps = " ".join(cap for moment in KEYS[name].caps for cap in moment)
    return Markup('<kbd aria-hidden="true">{}</kbd>').format(caps)


def keys_of_page() -> list[tuple[str, list[Key]]]:
    """By heading, those given out so far; of two on one key, the later in the table: it is the
    page's own."""
    given = flask.g.get("keys_given", set())
    own = {one.keys: one for name, one in KEYS.items() if name in given}
    return _grouped(one for one in KEYS.values() if own.get(one.keys) is one)


def every_key(viewer: Viewer) -> list[tuple[str, list[Key]]]:
    """By heading, those there are for this person."""
    return _grouped(one for one in KEYS.values() if not one.only or getattr(viewer, one.only))


def _grouped(keys: Iterable[Key]) -> list[tuple[str, list[Key]]]:
    grouped: dict[str, list[Key]] = {}
    for one in keys:
        grouped.setdefault(one.where, []).append(one)
    return list(grouped.items())


def _switched_on() -> bool:
    viewer = viewer_if_known()
    return viewer is not None and viewer.shortcuts

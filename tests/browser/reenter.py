"""The hand that types the coded article into the app's pages, as a researcher and a reviewer do.

`typed` says what one incident of the fixture is as the fields of its form; two ways of filling a
form stand beside it: with the mouse at hand, and with the keyboard alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page

from incidents import quantity


class Picked(str):
    """Words typed and then chosen from the list that opens below the field."""


# A field's name and what is typed, chosen or ticked in it: True and False are ticks, a list the
# values to tick of several boxes of one name.
Typed = Mapping[str, str | bool | list[str]]

# The rows of a list are counted by this field of theirs.
_COUNTED_BY = {
    **{"citations": "quote", "figures": "how_many", "involvements": "party", "relations": "to"},
    **{"details-said": "text", "details-prices": "item"},
}
# One field after the other, with the focus and the events of typing; folds opened on the way. A
# name that no field has fails, and a value it does not take.
_FILL = """fields => {
  const tick = (box, wanted) => { if (box.checked !== wanted) box.click(); };
  for (const [name, value] of Object.entries(fields)) {
    const boxes = [...document.getElementsByName(name)].filter(e => e.form && !e.disabled);
    if (!boxes.length) throw new Error(`there is no field ${name}`);
    for (let d = boxes[0]; d; d = d.parentElement) if (d.tagName === 'DETAILS') d.open = true;
    boxes[0].focus();
    if (value === true || value === false) tick(boxes[0], value);
    else if (Array.isArray(value) || boxes[0].type === 'radio') {
      const wanted = [value].flat(), found = boxes.filter(e => wanted.includes(e.value));
      if (found.length !== wanted.length) throw new Error(`${name} does not offer ${wanted}`);
      for (const box of found) tick(box, true);
    } else {
      boxes[0].value = value;
      if (boxes[0].value !== value) throw new Error(`${name} does not take ${value}`);
      boxes[0].dispatchEvent(new Event('input', {bubbles: true}));
      boxes[0].dispatchEvent(new Event('change', {bubbles: true}));
    }
  }
}"""
_UNFOLD = """e => {
  for (let d = e; d; d = d.parentElement) if (d.tagName === 'DETAILS') d.open = true;
}"""
_FOCUSED = """() => {
  const e = document.activeElement, fold = e.tagName === 'SUMMARY' ? e.parentElement : null;
  const held = fold && !fold.open ? [...fold.querySelectorAll('[name]')] : [];
  return {tag: e.tagName, name: e.name || '', value: e.value || '', type: e.type || '',
          checked: !!e.checked, held: held.map(f => f.name)};
}"""


@dataclass
class Known:
    """The fixture's identifiers → what the pages call them: `S1` → `SRC-2026-00001`."""

    sources: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    event: str = ""
    # Label and whether it is protected; and who stands in an incident already, so that the words
    # alone mean them.
    parties: dict[str, tuple[str, bool]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def party(self, code: str | None) -> str | None:
        if code is None:
            return None
        label = self.parties[code][0]
        first, self.met = code not in self.met, self.met | {code}
        return Picked(label) if first else label

    def is_protected(self, code: str | None) -> bool | None:
        return None if code is None else self.parties[code][1]


def typed(entry: Mapping[str, Any], known: Known) -> dict[str, str | bool | list[str]]:
    """One incident of the fixture as its form's fields, without its relations."""
    date = entry["date"]
    fields: dict[str, Any] = {
        "title": entry["title"],
        "summary": entry["summary"],
        "date": date["edtf"],
        "date_basis": date["basis"],
        "date_precision": date["precision"],
        "date_verbatim": date.get("verbatim"),
        "ongoing_when_reported": _yes_no(date.get("ongoing_when_reported")),
        "place": known.places[entry["place"]],
        "place_precision": entry["place_precision"],
        "place_verbatim": entry.get("place_verbatim"),
        "subject_place": known.places.get(entry.get("subject_place", "")),
        "event": known.event,
        "notes": entry.get("notes"),
        "publication": entry["publication"],
    }
    for rows in (
        *(_citation(index, said, known) for index, said in enumerate(entry["citations"])),
        *(_figure(index, said) for index, said in enumerate(entry["figures"])),
        *(_involvement(index, said, known) for index, said in enumerate(entry["involvements"])),
        _details(entry["details"]),
    ):
        fields |= rows
    return {name: value for name, value in fields.items() if value not in (None, "")}


def related(entry: Mapping[str, Any], known: Known) -> dict[str, str | bool | list[str]]:
    """The incident's relations as fields of its form."""
    return {
        f"relations-{index}-{name}": value
        for index, said in enumerate(entry["relations"])
        for name, value in {**said, "to": known.incidents[said["to"]]}.items()
    }


def _citation(index: int, said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    row = {
        "source": known.sources[said["source"]],
        "quote": said.get("quote"),
        "whole": True if index and not said.get("quote") else None,
        "speaker": known.party(said.get("speaker")),
        "speaker_protected": known.is_protected(said.get("speaker")),
        "credibility": str(said.get("credibility", "")),
        "translated": _yes_no(said.get("translated")),
        "supports": list(said["fields"]) if said.get("fields") else None,
        **{name: said.get(name) for name in ("stance", "utterance", "basis", "note")},
    }
    return {f"citations-{index}-{name}": value for name, value in row.items()}


def _figure(index: int, said: Mapping[str, Any]) -> dict[str, Any]:
    counts = [said["low"], said["best"], said["high"]]
    written = quantity.write(*counts, said["qualifier"])
    row = {
        # Words that give no number stand as they are written, in their own field.
        "how_many": "" if counts == [None, None, None] else written,
        "citation": str(said["citation"] + 1),
        "in_totals": said["in_totals"],
        **{name: said.get(name) for name in ("measure", "verbatim", "unit", "sex")},
        **{name: str(said.get(name, "")) for name in ("age_min", "age_max")},
    }
    return {f"figures-{index}-{name}": value for name, value in row.items()}


def _involvement(index: int, said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    row = {
        "party": known.party(said["party"]),
        "protected": known.is_protected(said["party"]),
        "relationship_to": known.party(said.get("relationship_to")),
        **{name: said.get(name) for name in ("role", "attribution", "relationship", "note")},
    }
    return {f"involvements-{index}-{name}": value for name, value in row.items()}


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in details.items():
        if name in ("said", "prices"):
            for index, row in enumerate(value):
                cells = {part: str(cell) for part, cell in row.items()}
                fields |= {f"details-{name}-{index}-{part}": cell for part, cell in cells.items()}
        elif name in ("items", "groups_affected"):
            fields[f"details-{name}"] = "\n".join(value)
        else:
            fields[f"details-{name}"] = value
    return fields


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def fill(page: Page, fields: Typed) -> None:
    """The form as somebody fills it with a mouse at hand: its rows first, then field by field."""
    for name, count in _rows_of(fields).items():
        while _rows(page, name) < count:
            more = page.locator(f"button[name=add_row][value='{name}']")
            more.evaluate(_UNFOLD)
            press(page, more)
    page.evaluate(_FILL, {name: v for name, v in fields.items() if not isinstance(v, Picked)})
    for name, value in fields.items():
        if isinstance(value, Picked):
            box = page.locator(f"[name='{name}']")
            box.evaluate(_UNFOLD)
            box.fill(value)
            _offered(page, value).click()


def _rows(page: Page, name: str) -> int:
    return page.locator(f"[name^='{name}-'][name$='-{_COUNTED_BY[name]}']").count()


def _rows_of(fields: Iterable[str]) -> dict[str, int]:
    """How many rows each list needs."""
    needed: dict[str, int] = {}
    for name in fields:
        for rows in _COUNTED_BY:
            if name.startswith(f"{rows}-"):
                number = int(name.removeprefix(f"{rows}-").split("-")[0]) + 1
                needed[rows] = max(needed.get(rows, 0), number)
    return needed


def press(page: Page, button: Locator | str) -> None:
    """A button, by its words or as found, and the page it leads to."""
    if isinstance(button, str):
        button = page.get_by_role("button", name=button, exact=True)
    with page.expect_navigation():
        button.first.click()


def fill_by_keyboard(page: Page, fields: Typed) -> None:
    """The same without a mouse: Tab from field to field, Enter on folds and on “Another …”."""
    waiting = {name: list(v) if isinstance(v, list) else v for name, v in fields.items()}
    needed = _rows_of(fields)
    for focused in _tabbing(page):
        name, value = focused["name"], focused["value"]
        if any(held in waiting for held in focused["held"]):
            page.keyboard.press("Enter")
        elif name == "add_row" and _rows(page, value) < needed.get(value, 0):
            with page.expect_navigation():
                page.keyboard.press("Enter")
        elif name in waiting:
            left = _key_in(page, focused, waiting.pop(name))
            waiting |= {name: left} if left else {}
        if not waiting:
            return
    raise AssertionError(f"the keyboard did not reach {sorted(waiting)}")


def _tabbing(page: Page) -> Iterator[Mapping[str, Any]]:
    """What has the focus after each Tab, for some rounds of the page."""
    for _ in range(2000):
        page.keyboard.press("Tab")
        yield page.evaluate(_FOCUSED)


def _key_in(page: Page, focused: Mapping[str, Any], value: str | bool | list[str]) -> list[str]:
    """Into what has the focus; of several boxes of one name, those that are still to be ticked."""
    if focused["type"] == "checkbox":
        left = [value] if isinstance(value, str) else value
        wanted = left if isinstance(left, bool) else focused["value"] in left
        unwanted = left is False
        if (wanted and not focused["checked"]) or (unwanted and focused["checked"]):
            page.keyboard.press("Space")
        return [] if isinstance(left, bool) else [one for one in left if one != focused["value"]]
    if focused["tag"] == "SELECT" or focused["type"] == "radio":
        _choose(page, str(value))
        return []
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(value)
    if isinstance(value, Picked):
        _offered(page, value)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    return []


def _offered(page: Page, words: str) -> Locator:
    """The first of these words among those the open list offers."""
    listed = page.locator("[role=option]:visible").filter(
        has=page.locator("span:first-child").get_by_text(words, exact=True)
    )
    listed.first.wait_for()
    return listed.first


def _choose(page: Page, value: str) -> None:
    """By the arrows, from the first choice down."""
    page.keyboard.press("Home")
    for _ in range(60):
        if page.evaluate("() => document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not offered")

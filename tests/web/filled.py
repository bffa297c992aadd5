"""A form of a page as a browser has it: its fields with their values, and the words beside each."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from werkzeug.datastructures import MultiDict


@dataclass
class FilledForm:
    """What a browser would send, in the page's order, and the errors by the id of their field."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    # Boxes and radios that are not ticked.
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return next((value for field, value in self.fields if field == name), "")

    def names(self) -> set[str]:
        """Every field there is to fill."""
        return {name for name, _ in self.fields} | set(self.offered) | set(self.choices)

    def values(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    def fill(self, **typed: str | list[str] | None) -> "FilledForm":
        """Type over fields; a list ticks boxes, None leaves none ticked. Unknown names fail."""
        for key, value in typed.items():
            name = key.replace("__", "-")
            assert name in self.names(), f"there is no field {name} in this form"
            values = [] if value is None else [value] if isinstance(value, str) else value
            self.fields = [one for one in self.fields if one[0] != name]
            self.fields += [(name, one) for one in values]
        return self

    def data(self, **pressed: str) -> MultiDict[str, str]:
        """To post, with the button that was pressed; a browser ends every line with CRLF."""
        typed = [(name, value.replace("\n", "\r\n")) for name, value in self.fields]
        return MultiDict([*typed, *pressed.items()])


class _Reader(HTMLParser):
    def __init__(self, marker: str) -> None:
        super().__init__()
        self.marker = marker
        self.found: FilledForm | None = None
        self.form: FilledForm | None = None
        self.select = ""
        self.text: tuple[str, list[str]] | None = None
        self.error: tuple[str, int] | None = None
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.form = FilledForm()
        if self.form is None:
            return
        if tag in ("div", "p", "span", "ul", "li", "fieldset"):
            self.depth += 1
            if str(given.get("id", "")).endswith("-error"):
                self.error = (given["id"].removesuffix("-error"), self.depth)
                self.form.errors[self.error[0]] = ""
        name = given.get("name")
        if tag == "input" and name:
            self._input(given, name)
        elif tag == "select" and name:
            self.select = name
            self.form.choices[name] = []
        elif tag == "option" and self.select:
            self.form.choices[self.select].append(given.get("value", ""))
            if "selected" in given:
                self.form.fields.append((self.select, given.get("value", "")))
        elif tag == "textarea" and name:
            self.text = (name, [])
        elif tag == "button" and name:
            self.form.buttons.append((name, given.get("value", "")))

    def _input(self, given: dict[str, Any], name: str) -> None:
        assert self.form is not None
        value = given.get("value")
        if given.get("type") in ("checkbox", "radio") and "checked" not in given:
            self.form.offered.setdefault(name, []).append(value or "on")
        elif given.get("type") not in ("submit", "button"):
            self.form.fields.append((name, value or ""))

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            return
        if tag == "select" and self.select:
            names = [name for name, _ in self.form.fields]
            first = self.form.choices[self.select]
            if self.select not in names and first:
                self.form.fields.append((self.select, first[0]))
            self.select = ""
        elif tag == "textarea" and self.text:
            # The first newline in a textarea is the markup's, not the value's.
            typed = "".join(self.text[1])
            self.form.fields.append((self.text[0], typed.removeprefix("\r\n").removeprefix("\n")))
            self.text = None
        elif tag in ("div", "p", "span", "ul", "li", "fieldset"):
            if self.error and self.error[1] == self.depth:
                self.error = None
            self.depth -= 1
        elif tag == "form":
            if self.marker in self.form.names():
                self.found = self.form
            self.form = None

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[1].append(data)
        if self.error and self.form is not None and data.strip():
            self.form.errors[self.error[0]] += data.strip()


def form_of(body: str, marker: str) -> FilledForm:
    """The form that has a field of this name."""
    reader = _Reader(marker)
    reader.feed(body)
    assert reader.found is not None, f"no form with {marker} on this page"
    return reader.found

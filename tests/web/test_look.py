"""The look: generated colours, contrast as WCAG 2 computes it, icons that exist, no inline code."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from incidents.incident.types import TYPES
from incidents.vocabulary.types import codes
from tests.generate_css import SHEET, with_types

TEMPLATES = SHEET.parent.parent / "templates"
SHEET_TEXT = SHEET.read_text("utf-8")
SCHEMES = ("light", "dark")
# Text on what lies behind it. visual.md: every text at least 5.5.
TEXT_PAIRS = (
    *((text, ground) for text in ("ink", "muted", "accent") for ground in ("paper", "surface")),
    ("ink", "sunken"),
    ("muted", "sunken"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("ink", "accent-soft"),
    ("accent", "accent-soft"),
    *((tone, f"{tone}-soft") for tone in ("danger", "warn", "ok")),
    *((tone, "surface") for tone in ("danger", "warn", "ok")),
    *(("ink", f"{tone}-soft") for tone in ("danger", "warn", "ok")),
)


def _tokens() -> dict[str, tuple[str, str]]:
    """Token → its colours in light and dark."""
    found = re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", SHEET_TEXT.split("}")[0]
    )
    return {name: (light, dark) for name, light, dark in found}


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _templates() -> Iterator[tuple[Path, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield path, path.read_text("utf-8")


def test_contrast_is_computed_as_wcag_does() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_type_colours_in_the_sheet_are_those_declared() -> None:
    assert with_types(SHEET_TEXT) == SHEET_TEXT, "run: python -m tests.generate_css"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text: str, ground: str, scheme: str) -> None:
    tokens, index = _tokens(), SCHEMES.index(scheme)
    assert _contrast(tokens[text][index], tokens[ground][index]) >= 5.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_edges_of_fields_can_be_seen(ground: str, scheme: str) -> None:
    tokens, index = _tokens(), SCHEMES.index(scheme)
    assert _contrast(tokens["line-strong"][index], tokens[ground][index]) >= 3


@pytest.mark.parametrize("code", TYPES)
def test_a_types_ink_and_body_text_can_be_read_on_its_tint(code: str) -> None:
    tokens, colours = _tokens(), TYPES[code].colours
    for index, (tint, ink) in enumerate(
        ((colours.tint, colours.ink), (colours.dark_tint, colours.dark_ink))
    ):
        # visual.md states its ratios to one decimal, and 5.5 is the least of them.
        assert round(_contrast(ink, tint), 1) >= 5.5
        assert _contrast(ink, tokens["surface"][index]) >= 5.5  # solid numbers, margin notes
        assert round(_contrast(tokens["ink"][index], tint), 1) >= 9.8


def test_no_two_types_look_the_same() -> None:
    assert len({declared.colours for declared in TYPES.values()}) == len(TYPES)
    assert len({declared.key for declared in TYPES.values()}) == len(TYPES)


def test_every_icon_named_exists() -> None:
    root = ElementTree.parse(SHEET.parent / "icons.svg").getroot()
    drawn = {symbol.attrib["id"].removeprefix("g-") for symbol in root}
    assert set(TYPES) <= drawn
    assert {*codes("status"), "returned"} - {"rejected"} <= drawn
    for path, text in _templates():
        named = set(re.findall(r"""\bicon\(["']([\w-]+)["']""", text))
        assert named <= drawn, path


def test_every_class_given_to_a_type_comes_from_its_code() -> None:
    for path, text in _templates():
        by_hand = set(re.findall(r"\bt-([a-z_]+)\b(?=[^{}]*\")", text)) & set(TYPES)
        assert not by_hand, path


def test_templates_hold_nothing_the_csp_forbids() -> None:
    forbidden = re.compile(
        r"""\sstyle\s*=|<style|<[^<>]*\son[a-z]+=["'{]|javascript:|<script(?![^>]*\bsrc=)"""
    )
    for path, text in _templates():
        markup = re.sub(r"{%.*?%}|{#.*?#}", "", text, flags=re.DOTALL)
        assert not forbidden.search(markup), path


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in SHEET_TEXT
    assert "@import" not in SHEET_TEXT
    for path, text in _templates():
        assert not re.search(r"""(?:src|<link[^>]*href)\s*=\s*["'](?:https?:)?//""", text), path


def test_sides_are_logical_so_that_pages_can_be_mirrored() -> None:
    physical = re.compile(
        r"[{;]\s*(?:left|right|(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)"
        r"|float: (?:left|right))\b"
    )
    assert not physical.search(SHEET_TEXT)

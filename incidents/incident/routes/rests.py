"""Which quotes of an open form each of its fields rests on: what the page marks beside it."""

from collections.abc import Mapping
from typing import Any


def rests_on(form: Any) -> Mapping[str, tuple[int, ...]]:
    """Field path → numbers of the form's quotes, as the page counts them: those that name the
    field, else those that are for the whole incident. () where nothing is quoted for it.

    A figure names its quote itself: “figure 2” is what those that name the second rest on.
    """
    quotes = [
        (number, frozenset(row.supports.data or ()))
        for number, row in enumerate(form.citations, 1)
        if (row.quote.data or "").strip() and row.stance.data in (None, "supports")
    ]
    whole = tuple(number for number, paths in quotes if not paths)
    figures = {f"figure {number}": (number,) for number, _ in quotes}
    return figures | {
        path: tuple(number for number, paths in quotes if path in paths) or whole
        for path in (choice.value for choice in form.citations[0].supports.choices)
    }

"""Errors: the sentence is there for whoever shows it."""

from incidents.clock import utc_now
from incidents.errors import FieldErrors, Stale


def test_field_errors_are_false_until_something_is_wrong() -> None:
    errors = FieldErrors()
    assert not errors
    errors.add("date", "is not a date")
    errors.add("date", "is in the future")
    errors.add("figures.detained", "is negative")
    assert errors
    assert errors.errors == {
        "date": ["is not a date", "is in the future"],
        "figures.detained": ["is negative"],
    }
    assert (
        str(errors) == "date: is not a date; date: is in the future; figures.detained: is negative"
    )


def test_field_errors_take_one_message_or_several() -> None:
    errors = FieldErrors({"date": "is not a date", "place": ["is missing"]})
    assert errors.errors == {"date": ["is not a date"], "place": ["is missing"]}


def test_who_comes_late_learns_the_version_that_stands() -> None:
    error = Stale("Somebody saved in between.", current_version=3)
    assert (error.message, str(error), error.current_version) == (
        "Somebody saved in between.",
        "Somebody saved in between.",
        3,
    )


def test_the_present_is_an_instant_in_utc() -> None:
    assert utc_now().utcoffset().__str__() == "0:00:00"

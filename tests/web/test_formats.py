"""How instants and counts read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from incidents.web.formats import ago, count_of, instant

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def words(markup: str) -> str:
    return markup.partition("<bdi>")[2].partition("</bdi>")[0]


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "21 Nov 2026"),
        (timedelta(hours=-1), "22 Nov 2026, 13:00 UTC"),
    ],
)
def test_ages_are_told_only_under_a_day(age: timedelta, expected: str) -> None:
    assert words(ago(NOW - age, NOW)) == expected


def test_an_instant_carries_its_exact_moment_in_utc() -> None:
    almaty = datetime(2011, 12, 16, 20, 3, tzinfo=timezone(timedelta(hours=6)))
    assert words(instant(almaty)) == "16 Dec 2011, 14:03 UTC"
    assert 'datetime="2011-12-16T14:03:00Z"' in instant(almaty)


def test_counts_agree_with_their_noun() -> None:
    assert [count_of(number, "draft") for number in (0, 1, 2)] == [
        "0 drafts",
        "1 draft",
        "2 drafts",
    ]
    assert count_of(2, "entry", "entries") == "2 entries"

"""What holds for every date, typed in any way; and our bounds beside those of the package edtf."""

import time
from contextlib import suppress
from datetime import date, timedelta

import edtf as peer
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from incidents import dates_words
from incidents.dates import DateError, Reading, echo, read
from incidents.dates_words import MONTHS as MONTH_NAMES
from incidents.edtf import bounds, canonical, in_words
from tests.infrastructure.test_edtf import WRITTEN

DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))


@given(WRITTEN)
def test_edtf_passes_through_unchanged(text):
    try:
        edtf = canonical(text)
    except DateError:
        return
    assert read(edtf) == Reading(edtf)
    assert read(text, day_first=False, year=1999) == Reading(edtf)
    assert echo(Reading(edtf))


@given(WRITTEN)
@example("201X/..")
def test_own_words_never_read_back_as_other_days(text):
    try:
        edtf = canonical(text)
        again = read(in_words(edtf)).edtf
    except DateError:
        return
    if "[" in edtf and "," in edtf:  # “about 16 or 17”: read as about for both
        assert bounds(again).earliest <= bounds(edtf).earliest
        assert bounds(again).latest >= bounds(edtf).latest
    else:
        assert bounds(again) == bounds(edtf)


@settings(max_examples=30)
@given(DAYS)
@pytest.mark.parametrize(
    "spelling",
    [
        *("{d} {m} {y}", "{m} {d}, {y}", "{d}. {m} {y}", "{d} de {m} de {y}", "{d}-{m}-{y}"),
        *("{y} ж. {d} {m}", "«{d}» {m} {y} г.", "{d}\u00a0{m}\u00a0{y}", "{d:02} {m}., {y}"),
    ],
)
def test_every_name_of_a_month_reads_back_to_the_day(spelling, day):
    for name in MONTH_NAMES[day.month - 1]:
        for typed in (name, name.upper(), name.capitalize()):
            text = spelling.format(d=day.day, m=typed, y=day.year)
            assert read(text) == Reading(day.isoformat()), text


@given(DAYS, st.sampled_from([".", "/", "-"]), st.booleans())
def test_numbers_read_back_to_the_day_in_the_order_given(day, sign, day_first):
    numbers = (day.day, day.month) if day_first else (day.month, day.day)
    text = sign.join(map(str, (*numbers, day.year)))
    assert read(text, day_first=day_first) == Reading(day.isoformat())
    if day.day > 12 or day.day == day.month:
        assert read(text) == Reading(day.isoformat())
    else:
        with pytest.raises(DateError, match=r" can be \d+ \w+ or \d+ \w+ \d{4}\. "):
            read(text)


@given(DAYS, st.integers(1, 400), st.sampled_from(["{} – {}", "{} to {}", "from {} until {}"]))
def test_two_days_in_words_are_a_span(first, days, spelling):
    assume(first.toordinal() + days < date.max.toordinal())
    last = first + timedelta(days)
    ends = (f"{day.day} {day:%B} {day.year}" for day in (first, last))
    assert read(spelling.format(*ends)) == Reading(f"{first}/{last}")


@given(DAYS, st.sampled_from(dates_words.WEEKDAYS))
def test_weekday_must_be_the_day_s_own(day, weekday):
    text = f"{weekday}, {day.day} {day:%B} {day.year}"
    if f"{day:%A}" == weekday:
        assert read(text) == Reading(day.isoformat())
    else:
        with pytest.raises(DateError, match=f"was a {day:%A}, not a {weekday}"):
            read(text)


PIECES = st.one_of(
    st.sampled_from([*dates_words.WORDS]),
    st.sampled_from(["2011", "1999", "2012-03", "16.12", "4/5/2012", "16th", "٣", "²", "x"]),
    st.sampled_from([*"-–/?~,.'():[]", ".."]),
    st.integers(0, 40).map(str),
)
TYPED = st.lists(PIECES, max_size=9).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda joint: joint.join(pieces))
)


@settings(max_examples=400)
@given(
    st.one_of(st.text(), TYPED, st.text(st.characters(categories=["Cs", "Cc", "Mn", "Nd"]))),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, 0, 2011, 9999, 10000]),
)
def test_any_text_is_read_or_refused_and_nothing_else(text, day_first, year):
    try:
        reading = read(text, day_first=day_first, year=year)
    except DateError as refusal:
        assert str(refusal).isprintable() and len(str(refusal)) < 300
        return
    assert canonical(reading.edtf) == reading.edtf
    assert echo(reading)


@pytest.mark.parametrize(
    "piece", ["1-", "a ", "~", "Dec ", "с по ", "1 ", "16.12.", "'", " ", "\u0301"]
)
def test_hostile_text_is_refused_at_once(piece):
    for text in (piece * 10_000, piece * (200 // len(piece))):
        start = time.process_time()
        with suppress(DateError):
            read(text)
        assert time.process_time() - start < 0.1


# The package edtf 5.0.2 has the rest otherwise. ~ and %: ours widen by rule 8 of the domain. A
# blank end: it reads /2011-12-20 from 2001. 2011-12-1X, and 2011-XX beside another date: it
# crashes. An X beside `..`, and ? or anything but days in [a..b]: it refuses.
ISO_DAYS = DAYS.map(date.isoformat)
WHOLE = st.one_of(ISO_DAYS, ISO_DAYS.map(lambda day: day[:7]), ISO_DAYS.map(lambda day: day[:4]))
POSSIBLY = st.builds("{}{}".format, WHOLE, st.sampled_from(["", "?"]))
WITH_OPEN_DIGITS = st.one_of(
    ISO_DAYS.map(lambda day: day[:3] + "X"),
    ISO_DAYS.map(lambda day: day[:2] + "XX"),
    ISO_DAYS.map(lambda day: day[:4] + "-XX"),
    ISO_DAYS.map(lambda day: day[:7] + "-XX"),
    ISO_DAYS.map(lambda day: day[:4] + "-XX-XX"),
)
COMMON = st.one_of(
    POSSIBLY,
    st.builds("{}{}".format, WITH_OPEN_DIGITS, st.sampled_from(["", "?"])),
    st.builds("{}/{}".format, POSSIBLY, POSSIBLY),
    st.builds("{}/..".format, POSSIBLY),
    st.builds("../{}".format, POSSIBLY),
    st.builds("[{}..{}]".format, ISO_DAYS, ISO_DAYS),
    st.builds("[..{}]".format, WHOLE),
    st.builds("[{}..]".format, WHOLE),
    st.lists(POSSIBLY, min_size=2, max_size=4).map(lambda points: f"[{','.join(points)}]"),
)


def of_peer(end) -> date:
    if end in (float("-inf"), float("inf")):
        return date.min if end < 0 else date.max
    return date(*end[:3])


@settings(max_examples=300)
@given(COMMON)
def test_bounds_agree_with_the_package_edtf(text):
    try:
        ours = bounds(text)
    except DateError:
        return
    theirs = peer.parse_edtf(canonical(text))
    assert (ours.earliest, ours.latest) == (
        of_peer(theirs.lower_strict()),
        of_peer(theirs.upper_strict()),
    )

"""The gazetteer: any spelling finds the settlement, in a file made of a few and in the whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from assets.gazetteer import write
from incidents.gazetteer import NO_GAZETTEER, SHIPPED, Gazetteer

_COUNTRIES: Mapping[str, Any] = {
    "KZ": {"languages": "kk,ru"},
    "US": {"languages": "en-US,es-US"},
    "FJ": {"languages": "en-FJ,fj"},
}
_STATES: Mapping[str, Any] = {"MO": {"name": "Missouri"}, "IL": {"name": "Illinois"}}


def city(number: int, name: str, country: str, *others: str, **said: Any) -> dict[str, Any]:
    return {
        "geonameid": number,
        "name": name,
        "countrycode": country,
        "admin1code": "09",
        "latitude": 43.0,
        "longitude": 52.0,
        "population": 1000,
        "alternatenames": list(others),
        **said,
    }


CITIES = (
    city(1, "Zhanaozen", "KZ", "Жаңаөзен", "Новый Узень", "Novyy Uzen’", "Zhangaözen", "KZN"),
    city(2, "Aktau", "KZ", "Ақтау", "阿克套", "aktaw", population=150_000),
    city(3, "Springfield", "US", admin1code="MO", population=170_000, latitude=37.2),
    city(4, "Springfield", "US", admin1code="IL", population=114_000, latitude=39.8),
    city(5, "Springfield Gardens", "US", admin1code="IL", population=900_000, latitude=40.7),
    city(6, "Nova Aktau", "US", "Aktau Heights", admin1code="IL", latitude=40.7),
    city(7, "Labasa", "FJ", longitude=179.4, latitude=-16.4),
    city(8, "Waiyevo", "FJ", longitude=-179.9, latitude=-16.8),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    file = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    write(file, CITIES, _COUNTRIES, _STATES)
    return Gazetteer(file)


def found(gazetteer: Gazetteer, text: str, country: str | None = None, **more: Any) -> list[str]:
    return [one.id for one in gazetteer.find(text, country, **more)]


@pytest.mark.parametrize(
    "text", ["Zhanaozen", "ZHANA-OZEN", "zhana", "Жаңаөзен", "новый узень", "Novyy Uzen'"]
)
def test_any_spelling_and_any_beginning_finds_it_in_the_whole_world(
    small: Gazetteer, text: str
) -> None:
    assert found(small, text) == ["1"]


@pytest.mark.parametrize("text", ["Janaozen", "jana ozen", "Janaoz", "Zhanaosen"])
def test_what_resembles_a_name_is_looked_for_where_the_country_is_known(
    small: Gazetteer, text: str
) -> None:
    assert found(small, text, "KZ") == ["1"]
    assert found(small, text) == found(small, text, "US") == []
    assert found(small, text, "KZ", alike=False) == []


def test_exact_names_come_before_longer_ones_and_the_larger_place_first(small: Gazetteer) -> None:
    assert found(small, "Springfield") == ["3", "4", "5"]
    assert found(small, "springfield", limit=2) == ["3", "4"]
    assert found(small, "Springfield", "KZ") == []


def test_only_the_very_name_counts_where_one_is_named(small: Gazetteer) -> None:
    assert [one.id for one in small.named("springfield", "US")] == ["3", "4"]
    assert small.named("Spring", "US") == small.named("Springfield", "KZ") == []


def test_a_name_of_its_own_weighs_more_than_another_spelling(small: Gazetteer) -> None:
    assert found(small, "akt") == ["2", "6"]


def test_a_settlement_is_told_from_its_namesakes(small: Gazetteer) -> None:
    first, second, _ = small.find("Springfield")
    assert (first.region, first.region_code) == ("Missouri", "US-MO")
    assert (second.region, second.chief) == ("Illinois", "Springfield Gardens")
    zhanaozen = small.by_id("1")
    assert zhanaozen is not None
    # Regions are numbered by a retired standard, which is no ISO code.
    assert (zhanaozen.region, zhanaozen.region_code, zhanaozen.chief) == (None, None, "Aktau")


def test_spellings_worth_keeping_are_in_the_country_s_scripts_and_in_latin(
    small: Gazetteer,
) -> None:
    zhanaozen, aktau = small.by_id("1"), small.by_id("2")
    assert zhanaozen is not None
    assert aktau is not None
    assert zhanaozen.aliases == ("Жаңаөзен", "Новый Узень", "Novyy Uzen’", "Zhangaözen")
    assert aktau.aliases == ("Ақтау",)
    # Not kept, and found all the same.
    assert found(small, "阿克套") == ["2"]


def test_neighbours_are_found_across_the_date_line(small: Gazetteer) -> None:
    assert {one.name for one in small.near(-16.5, 179.9, span=1)} == {"Labasa", "Waiyevo"}
    assert {one.name for one in small.near(-16.5, -179.9, span=1)} == {"Labasa", "Waiyevo"}
    assert [one.id for one in small.near(43.0, 52.0, span=1, limit=1)] == ["2"]
    assert small.near(0, 0, span=1) == []


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "%", "_", "\0", "a\ud800", "'; --", "x" * 10_000, "ь" * 5_000, "😀"]
)
def test_no_text_breaks_it(small: Gazetteer, text: str) -> None:
    assert found(small, text) == found(small, text, "KZ") == small.named(text, "KZ") == []


@pytest.mark.parametrize("text", ["", "0", "-1", "²", "1 or 1", "9" * 40])
def test_no_id_breaks_it(small: Gazetteer, text: str) -> None:
    assert small.by_id(text) is None


def test_without_the_file_nothing_is_found_and_it_is_said_once(tmp_path: Path) -> None:
    gazetteer = Gazetteer(tmp_path / "none.sqlite")
    with capture_logs() as logs:
        assert gazetteer.find("Aktau") == gazetteer.near(43, 52, span=1) == []
        assert gazetteer.by_id("1") is None
        assert gazetteer.named("Aktau", "KZ") == []
    assert [entry["event"] for entry in logs] == ["no gazetteer: make builds it"]
    with capture_logs() as logs:
        assert NO_GAZETTEER.find("Aktau") == []
    assert logs == []


@pytest.mark.parametrize("text", ["Janaozen", "Zhanaozen", "Жаңаөзен", "jana ozen"])
def test_the_whole_file_knows_zhanaozen_by_every_spelling(text: str) -> None:
    first = Gazetteer(SHIPPED).find(text, "KZ")[0]
    assert (first.name, first.country, first.id) == ("Zhanaozen", "KZ", "607610")
    assert "Жаңаөзен" in first.aliases
    assert len(first.aliases) <= 8


def test_the_same_data_gives_the_same_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one.sqlite", tmp_path / "other.sqlite"
    write(one, CITIES, _COUNTRIES, _STATES)
    write(other, reversed(CITIES), _COUNTRIES, _STATES)
    assert one.read_bytes() == other.read_bytes()

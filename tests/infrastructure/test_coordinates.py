"""Points as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.coordinates import CoordinateError, Point, read


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("43.3378, 52.8553", 43.3378, 52.8553),
        ("43.3378,52.8553", 43.3378, 52.8553),
        ("43.3378 52.8553", 43.3378, 52.8553),
        ("(43.3378; 52.8553)", 43.3378, 52.8553),
        ("43,3378 52,8553", 43.3378, 52.8553),
        ("43,3378; 52,8553", 43.3378, 52.8553),
        ("43,3378, 52,8553", 43.3378, 52.8553),
        ("43, 52", 43, 52),
        ("−33.8688, 151.2093", -33.8688, 151.2093),
        ("43°20′N 52°51′E", 43.33333, 52.85),
        ("43° 20' 16\" N, 52° 51' 19\" E", 43.33778, 52.85528),
        ("43°20′16″N52°51′19″E", 43.33778, 52.85528),
        ("52°51′E 43°20′N", 43.33333, 52.85),
        ("N43.3378 E52.8553", 43.3378, 52.8553),
        ("33.8688° S, 70.6° W", -33.8688, -70.6),
        ("43°20′ с. ш. 52°51′ в. д.", 43.33333, 52.85),
        ("geo:43.3378,52.8553", 43.3378, 52.8553),
    ],
)
def test_points_are_read_as_people_paste_them(text: str, lat: float, lon: float) -> None:
    assert read(text) == Point(lat, lon)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "43.3378, 52.8553"),
        ("Janaozen", "Write the point as"),
        ("43.3378", "Write the point as"),
        ("43,52", "decimal comma"),
        ("91, 52", "A latitude lies between −90 and 90; this is 91."),
        ("52.8553, 181", "A longitude lies between"),
        ("43°60′N 52°51′E", "up to 59"),
        ("-43°20′S 52°51′E", "not both"),
        ("N43N 52E", "Write the point as"),
        ("43°20′N 52°51′N", "both a latitude and a longitude"),
        ("43°20′N 52°51′", "both a latitude and a longitude"),
        ("1 2 3", "Write the point as"),
        ("nan, inf", "Write the point as"),
    ],
)
def test_what_is_no_point_is_answered_with_how_to_write_one(text: str, words: str) -> None:
    with pytest.raises(CoordinateError) as caught:
        read(text)
    assert words in caught.value.message


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_is_written_is_read_again(lat: float, lon: float) -> None:
    point = Point(round(lat, 5), round(lon, 5))
    assert read(str(point)) == point
    assert read(point.words) == point


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    try:
        point = read(text)
    except CoordinateError:
        return
    assert abs(point.lat) <= 90
    assert abs(point.lon) <= 180

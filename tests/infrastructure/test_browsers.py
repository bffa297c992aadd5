"""What a browser calls itself, in words."""

import pytest

from incidents.browsers import browser_name

_MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            f"{_MOZILLA} (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Linux",
        ),
        (
            f"{_MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        (
            f"{_MOZILLA} (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"{_MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"{_MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) Chrome/126.0 Safari/537.36",
            "Chrome on Mac",
        ),
        ("something on Windows", "A browser on Windows"),
        ("curl/8.5", "An unknown browser"),
        ("", "An unknown browser"),
        (None, "An unknown browser"),
    ],
)
def test_a_browser_is_named_as_people_know_it(said: str | None, name: str) -> None:
    assert browser_name(said) == name

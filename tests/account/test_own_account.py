"""One's own account: choosing and changing the password."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Browser, form_token
from tests.factories import account, with_password

PASSWORD = "lettuce copper violin"
NEW = "ivory ladder tuesday fog"


def change(browser: Browser, **fields: str) -> Any:
    return browser.post("/account", {"new": NEW, "again": fields.get("new", NEW), **fields})


def test_the_first_password_needs_no_old_one(app: Flask, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in("researcher")
    assert "Password until now" not in browser.get("/account").text
    assert change(browser).status_code == 303
    other = app.test_client()
    data = {
        "name": browser.viewer.name,
        "password": NEW,
        "csrf_token": form_token(other),
    }
    assert other.post("/sign-in", data=data).status_code == 303


def test_a_new_password_needs_the_old_one(app: Flask, sign_in: Callable[..., Browser]) -> None:
    person = account(app.extensions["incidents"], "mira")
    with_password(app.extensions["incidents"], person, PASSWORD)
    browser = sign_in(person=person)
    assert change(browser).status_code == 422
    wrong = change(browser, old="not this one")
    assert "This is not your password" in wrong.text
    assert change(browser, old=PASSWORD).status_code == 303


def test_guessing_the_old_one_slows_down(app: Flask, sign_in: Callable[..., Browser]) -> None:
    person = account(app.extensions["incidents"], "mira")
    with_password(app.extensions["incidents"], person, PASSWORD)
    browser = sign_in(person=person)
    for _ in range(5):
        assert change(browser, old="not this one").status_code == 422
    assert change(browser, old=PASSWORD).status_code == 429


def test_changing_it_signs_out_elsewhere_and_not_here(sign_in: Callable[..., Browser]) -> None:
    here = sign_in("researcher")
    there = sign_in(person=here.person)
    assert change(here).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("too short", "Use at least 12 characters"),
        ("Password1234!", "among those that are tried first"),
        ("researcher 1 is me", "Leave your name out of it"),
        ("with a \x00 in it all", "can’t be stored"),
    ],
)
def test_a_password_that_is_guessed_early_is_refused(
    sign_in: Callable[..., Browser], new: str, sentence: str
) -> None:
    response = change(sign_in("researcher"), new=new)
    assert response.status_code == 422
    assert sentence in response.text


def test_the_two_must_be_the_same(sign_in: Callable[..., Browser]) -> None:
    response = change(sign_in("researcher"), again=NEW + "!")
    assert response.status_code == 422
    assert "The two are not the same" in response.text


def _with_password(app: Flask, sign_in: Callable[..., Browser], name: str = "mira") -> Browser:
    person = account(app.extensions["incidents"], name)
    with_password(app.extensions["incidents"], person, PASSWORD)
    return sign_in(person=person)


def test_a_name_is_changed_with_the_password_and_signs_in(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    browser = _with_password(app, sign_in)
    wrong = browser.post("/account/name", {"name": "Mira B.", "password": "not this one"})
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    renamed = browser.post("/account/name", {"name": " Mira  B. ", "password": PASSWORD})
    assert renamed.status_code == 303
    assert "Mira B." in browser.get("/account").text
    for name, status in (("mira", 422), ("Mira B.", 303)):
        other = app.test_client()
        data = {"name": name, "password": PASSWORD, "csrf_token": form_token(other)}
        assert other.post("/sign-in", data=data).status_code == status


@pytest.mark.parametrize("name", ["Aru", "ARU", " ", "x" * 81])
def test_a_name_that_is_taken_or_none_is_refused(
    app: Flask, sign_in: Callable[..., Browser], name: str
) -> None:
    account(app.extensions["incidents"], "aru")
    browser = _with_password(app, sign_in)
    refused = browser.post("/account/name", {"name": name, "password": PASSWORD})
    assert refused.status_code == 422
    assert "mira" in browser.get("/account").text


def test_trying_names_slows_down(app: Flask, sign_in: Callable[..., Browser]) -> None:
    """Who is signed in can’t list the accounts by the names that are refused."""
    account(app.extensions["incidents"], "aru")
    browser = _with_password(app, sign_in)
    for _ in range(5):
        data = {"name": "aru", "password": PASSWORD}
        assert browser.post("/account/name", data).status_code == 422
    slow = browser.post("/account/name", {"name": "nobody yet", "password": PASSWORD})
    assert slow.status_code == 429


def test_without_a_password_there_is_no_form_for_the_name(
    sign_in: Callable[..., Browser],
) -> None:
    browser = sign_in("reader")
    assert "Change your name" not in browser.get("/account").text
    assert browser.post("/account/name", {"name": "Other", "password": "x"}).status_code == 422


def test_browsers_are_listed_by_names_people_know(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    browser = _with_password(app, sign_in)
    other = app.test_client()
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
    data = {"name": "mira", "password": PASSWORD, "csrf_token": form_token(other)}
    other.post("/sign-in", data=data, headers={"User-Agent": agent})
    page = browser.get("/account").text
    assert "Firefox on Windows" in page
    assert "Mozilla" not in page

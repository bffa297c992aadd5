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

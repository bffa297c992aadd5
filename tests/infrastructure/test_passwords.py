"""Passwords: which are refused, and how they are kept."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from incidents import passwords


@pytest.mark.parametrize(
    "password",
    [
        "Password1234!",
        "P@ssw0rd2024!",
        "qwertyuiop123",
        "1qaz2wsx3edc4",
        "abcdefgh1234",
        "aaaaaaaaaaaaaa",
        "837261940572",
        "iloveyou1234",
        "Researcher2024",
        "йцукен123456",
        "sunshine sunshine",
        "welcome welcome 1",
    ],
)
def test_the_first_guesses_are_refused(password: str) -> None:
    problem = passwords.problem_with(password, "somebody")
    assert problem
    assert "tried first" in problem


@pytest.mark.parametrize(
    "password",
    [
        "lettuce copper violin",
        "Zk4!fj20sPq9",
        "tiger pizza moon oliver",
        "ivory-basalt-3",
        "алюминий верблюд окно",
    ],
)
def test_words_that_do_not_belong_together_are_taken(password: str) -> None:
    assert passwords.problem_with(password, "somebody") is None


def test_length_counts_in_characters() -> None:
    assert passwords.problem_with("k7 m2 q9 x4", "somebody")
    assert passwords.problem_with("k7 m2 q9 x4z", "somebody") is None
    assert passwords.problem_with("k7 m2 q9 x4z" * 100, "somebody")


def test_the_account_s_name_is_refused_however_it_is_written() -> None:
    problem = passwords.problem_with("MiraHolt-4711-zebra", "Mira Holt")
    assert problem
    assert "your name" in problem


def test_a_hash_is_argon2id_at_the_strength_owasp_asks_for() -> None:
    parameters = extract_parameters(PasswordHasher().hash("x"))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_the_same_password_is_hashed_apart_and_matches_both() -> None:
    one, two = passwords.hashed("lettuce copper"), passwords.hashed("lettuce copper")
    assert one != two
    assert passwords.matches(one, "lettuce copper")
    assert not passwords.matches(two, "lettuce Copper")


def test_another_keyboard_s_accent_is_the_same_letter() -> None:
    assert passwords.matches(passwords.hashed("caf\u00e9 ladder"), "cafe\u0301 ladder")


def test_nobody_s_password_and_a_broken_hash_match_nothing() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches("no hash", "x")

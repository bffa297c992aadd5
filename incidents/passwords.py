"""Owns passwords: which are refused, how they are kept (Argon2id) and checked, a few at a time.
Refuses to know whose they are; a password is never stored, logged or shown."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from incidents.errors import IncidentsError
from incidents.folding import fold

MIN_LENGTH = 12
MAX_LENGTH = 1000
# 64 MiB each: more at once would let strangers fill the memory.
AT_ONCE = 2
PATIENCE_S = 10.0

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)
_LOOKALIKES = str.maketrans("013457@$!€", "oieastasie")
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "йцукенгшщзхъ",
    "фывапролджэ",
)
_RUNS = (
    "0123456789" * 3,
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    *_ROWS,
)


class Busy(IncidentsError):
    """Too many passwords are being checked at this moment."""


def hashed(password: str) -> str:
    """Busy if its turn does not come. Takes a tenth of a second: never inside a transaction."""
    with _turn():
        return _hasher.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """The same work for no hash at all, so that time tells nobody which accounts exist."""
    with _turn():
        try:
            _hasher.verify(password_hash or _nobodys(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def problem_with(password: str, account_name: str) -> str | None:
    """One sentence why this can't be a password; None if it can."""
    if len(password) < MIN_LENGTH:
        return (
            f"Use at least {MIN_LENGTH} characters. Several words in a row are easily kept in mind."
        )
    if len(password) > MAX_LENGTH:
        return f"Use at most {MAX_LENGTH} characters."
    plain = fold(password)
    name = fold(account_name)
    if len(name) > 2 and name.replace(" ", "") in plain.replace(" ", ""):
        return "Leave your name out of it: that is tried first."
    if _is_common(plain):
        return (
            "This one is among those that are tried first. Choose words that don’t belong together."
        )
    return None


def _is_common(plain: str) -> bool:
    """Whether hardly a letter is left once common words, runs, digits and repeats are taken away.

    Also with digits and signs read as the letters they stand for: `P@ssw0rd2024!` is `password`.
    """
    return any(_is_made_of_few(text) for text in (plain, plain.translate(_LOOKALIKES)))


def _is_made_of_few(text: str) -> bool:
    found = 0
    for word in _common_words():
        if word in text:
            text = text.replace(word, " ")
            found += len(word) >= 4
    left = re.sub(r"[\W\d_]+|(.)\1+", "", _without_runs(text))
    # Four common words are a phrase again, however common each is.
    return len(set(left)) < 4 and found < 4


def _without_runs(text: str) -> str:
    """Without pieces of four or more that lie side by side on a keyboard or in the alphabet."""
    kept, start = "", 0
    while start < len(text):
        end = start + 4
        if _lies_in_a_run(text[start:end]):
            while end < len(text) and _lies_in_a_run(text[start : end + 1]):
                end += 1
            start = end
        else:
            kept, start = kept + text[start], start + 1
    return kept


def _lies_in_a_run(piece: str) -> bool:
    return len(piece) >= 4 and any(piece in run or piece[::-1] in run for run in _RUNS)


@cache
def _common_words() -> tuple[str, ...]:
    text = resources.files("incidents").joinpath("common_passwords.txt").read_text("utf-8")
    words = {fold(line) for line in text.splitlines() if line and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _nobodys() -> str:
    return _hasher.hash("")


def _normal(password: str) -> str:
    """One keyboard's é is another's e and accent (NIST SP 800-63B asks for this)."""
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_S):
        raise Busy("Many people are signing in at once. Try again in a few seconds.")
    try:
        yield
    finally:
        _turns.release()

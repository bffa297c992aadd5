"""Of the program and its settings: what can be told without the database."""

import importlib.metadata
import platform
import stat
import tomllib
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from incidents import passwords
from incidents.built import not_built
from incidents.config import config_file
from incidents.doctor.installation import Installation, Wrong

PACKAGE = Path(__file__).parent.parent
# Longer than this to check one password, and people wait at the door: two are checked at once.
SLOW_S = 2.0


def program(_: Installation) -> str:
    missing = not_built(PACKAGE)
    if missing:
        raise Wrong(
            f"{', '.join(missing)} in {PACKAGE} is missing: install the wheel again, "
            "or in a copy of the repository run: make assets"
        )
    release = importlib.metadata.version("incidents")
    return f"Incidents {release} is whole, on Python {platform.python_version()}."


def settings(of: Installation) -> str:
    if of.settings_fault is not None:
        raise Wrong(of.settings_fault.message)
    path = config_file(of.file, of.environ, of.folder)
    if of.settings.debug:
        raise Wrong("debug is true, which shows errors to everybody: set it to false")
    if path is not None and _open_to_all(path) and _holds_secrets(path):
        raise Wrong(f"{path} holds secrets and anyone here may read it; run: chmod 640 {path}")
    return f"{path or 'The defaults'} and the environment are understood."


def keys(of: Installation) -> str:
    if of.keys_fault is not None:
        raise Wrong(of.keys_fault.message)
    kept = of.settings.keys_file
    where = f"in {kept}, which only its owner may read" if kept.exists() else "given"
    return f"The keys are {where}."


def proxies(of: Installation) -> str:
    tls, trusted = of.settings.behind_tls, of.settings.trusted_proxies
    if tls and not trusted:
        raise Wrong(
            "behind_tls is true and trusted_proxies is 0, so that everybody seems to come from one "
            "address and shares its limit of failed sign-ins: set trusted_proxies to how many "
            "proxies stand in front"
        )
    if trusted and not tls:
        raise Wrong(
            f"trusted_proxies is {trusted} and behind_tls is false, so that cookies may travel "
            "unencrypted: let the proxy speak https and set behind_tls to true"
        )
    return f"behind_tls is {str(tls).lower()} and trusted_proxies is {trusted}: they agree."


def password_time(_: Installation) -> str:
    began = perf_counter()
    passwords.hashed("how long does this take")
    taken = perf_counter() - began
    if taken > SLOW_S:
        raise Wrong(
            f"Checking a password takes {taken:.1f} s, and two are checked at once: give the "
            "machine a faster processor or less other work"
        )
    return f"Checking a password takes {taken * 1000:.0f} ms."


def _holds_secrets(path: Path) -> bool:
    given = tomllib.loads(path.read_text("utf-8"))
    return "secret_key" in given or "name_key" in given or _has_password(given.get("database_url"))


def _has_password(url: Any) -> bool:
    """Of what may be no address at all: the environment can give another in its place."""
    try:
        return bool(url and make_url(url).password)
    except (ArgumentError, ValueError):
        return "@" in str(url)


def _open_to_all(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & stat.S_IROTH)

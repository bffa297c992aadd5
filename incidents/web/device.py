"""The cookie that tells a browser which signed in before from a stranger's, for a year.

It opens nothing: it only keeps strangers' failures from slowing this browser down.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import flask
from itsdangerous import BadSignature, URLSafeTimedSerializer

from incidents.web.guard import cookie_name
from incidents.web.request import services

_YEAR_S = 365 * 24 * 3600
_ACCOUNTS_KEPT = 5


@dataclass(frozen=True)
class Device:
    number: str
    # Keyed hashes of the names it signed in with, the last one first.
    accounts: tuple[str, ...]


def device_of(account: str) -> str | None:
    """This browser's number if it signed in to this account (a keyed hash) before."""
    device = _device()
    return device.number if device and account in device.accounts else None


def remember_device(response: Any, account: str) -> None:
    known = _device()
    number = known.number if known else secrets.token_urlsafe(16)
    others = tuple(other for other in known.accounts if other != account) if known else ()
    accounts = (account, *others)[:_ACCOUNTS_KEPT]
    response.set_cookie(
        _name(),
        _signer().dumps([number, accounts]),
        max_age=_YEAR_S,
        path="/",
        secure=services().config.behind_tls,
        httponly=True,
        samesite="Lax",
    )


def _device() -> Device | None:
    try:
        number, accounts = _signer().loads(flask.request.cookies.get(_name(), ""), _YEAR_S)
    except BadSignature:
        return None
    return Device(number, tuple(accounts))


def _name() -> str:
    return cookie_name(services().config, "incidents-device")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().config.secret_key, salt="known browser")

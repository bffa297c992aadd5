"""What each role may do at each address, as a table. A route that is missing here fails.

ok = let in (whatever the page then answers); denied = 403; sign-in = sent to sign in, or 401.
"""

# ruff: noqa: E501 (the table is as wide as its addresses)

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from incidents.viewer import Role
from tests.conftest import Browser, form_token
from tests.factories import Person, account, signed_in_token

TABLE = """
address                                    method  anonymous  reader  researcher  reviewer  admin
/                                          GET     sign-in    ok      ok          ok        ok
/keys                                      GET     sign-in    ok      ok          ok        ok
/static/<path:filename>                    GET     ok         ok      ok          ok        ok
/sign-in                                   GET     ok         ok      ok          ok        ok
/sign-in                                   POST    ok         ok      ok          ok        ok
/sign-in/<token>                           GET     ok         ok      ok          ok        ok
/sign-in/<token>                           POST    ok         ok      ok          ok        ok
/sign-in/again                             GET     ok         ok      ok          ok        ok
/sign-in/again                             POST    ok         ok      ok          ok        ok
/unsaved                                   POST    sign-in    denied  ok          ok        denied
/unsaved/<int:unsaved_id>/discard          POST    sign-in    denied  ok          ok        denied
/sign-out                                  POST    sign-in    ok      ok          ok        ok
/account                                   GET     sign-in    ok      ok          ok        ok
/account                                   POST    sign-in    ok      ok          ok        ok
/account/name                              POST    sign-in    ok      ok          ok        ok
/account/dates                             POST    sign-in    ok      ok          ok        ok
/account/keys                              POST    sign-in    ok      ok          ok        ok
/account/sessions/<int:session_id>/end     POST    sign-in    ok      ok          ok        ok
/settings/accounts                         GET     sign-in    denied  denied      denied    ok
/settings/accounts                         POST    sign-in    denied  denied      denied    ok
/settings/accounts/<int:account_id>        GET     sign-in    denied  denied      denied    ok
/settings/accounts/<int:account_id>        POST    sign-in    denied  denied      denied    ok
/settings/accounts/<int:account_id>/link   POST    sign-in    denied  denied      denied    ok
/settings/accounts/<int:account_id>/end-sessions POST sign-in denied  denied      denied    ok
/settings/accounts/<int:account_id>/disable POST   sign-in    denied  denied      denied    ok
/settings/accounts/<int:account_id>/enable POST    sign-in    denied  denied      denied    ok
/settings/vocabularies                     GET     sign-in    denied  denied      denied    ok
/settings/vocabularies/<name>              GET     sign-in    denied  denied      denied    ok
/settings/vocabularies/<name>              POST    sign-in    denied  denied      denied    ok
/settings/vocabularies/<name>/<code>       POST    sign-in    denied  denied      denied    ok
/settings/vocabularies/<name>/<code>/<any(retire, restore):step> POST sign-in denied denied denied ok
/settings/audit                            GET     sign-in    denied  denied      denied    ok
/sources                                   GET     sign-in    ok      ok          ok        ok
/sources/new                               GET     sign-in    denied  ok          ok        denied
/sources/new                               POST    sign-in    denied  ok          ok        denied
/sources/<reference>                       GET     sign-in    ok      ok          ok        ok
/sources/<reference>/edit                  GET     sign-in    denied  ok          ok        denied
/sources/<reference>/edit                  POST    sign-in    denied  ok          ok        denied
/sources/<reference>/close                 POST    sign-in    denied  ok          ok        denied
/sources/<reference>/reopen                POST    sign-in    denied  ok          ok        denied
/sources/<reference>/story                 POST    sign-in    denied  ok          ok        denied
/sources/<reference>/snapshots/<sha256>    GET     sign-in    ok      ok          ok        ok
/sources/<reference>/snapshots/new         GET     sign-in    denied  ok          ok        denied
/sources/<reference>/snapshots/new         POST    sign-in    denied  ok          ok        denied
/sources/<reference>/read                  POST    sign-in    denied  ok          ok        denied
/sources/<reference>/captures              POST    sign-in    denied  ok          ok        denied
/sources/<reference>/snapshots.wacz        GET     sign-in    ok      ok          ok        ok
/sources/captures                          POST    sign-in    denied  ok          ok        denied
/sources/captures/<token>                  GET     sign-in    denied  ok          ok        denied
/sources/captures/<token>/state            GET     sign-in    denied  ok          ok        denied
/sources/captures/<token>/again            POST    sign-in    denied  ok          ok        denied
/sources/captures/<token>/discard          POST    sign-in    denied  ok          ok        denied
/sources/same                              GET     sign-in    denied  ok          ok        denied
/sources/suggest                           GET     sign-in    denied  ok          ok        denied
/incidents                                 GET     sign-in    ok      ok          ok        ok
/incidents/columns                         POST    sign-in    ok      ok          ok        ok
/incidents/views                           GET     sign-in    ok      ok          ok        ok
/incidents/views                           POST    sign-in    ok      ok          ok        ok
/incidents/views/<int:view_id>             GET     sign-in    ok      ok          ok        ok
/incidents/views/<int:view_id>             POST    sign-in    ok      ok          ok        ok
/incidents/views/<int:view_id>/delete      POST    sign-in    ok      ok          ok        ok
/incidents/<reference>                     GET     sign-in    ok      ok          ok        ok
/incidents/new                             GET     sign-in    denied  ok          ok        denied
/incidents/new                             POST    sign-in    denied  ok          ok        denied
/incidents/<reference>/edit                GET     sign-in    denied  ok          ok        denied
/incidents/<reference>/edit                POST    sign-in    denied  ok          ok        denied
/incidents/<reference>/history             GET     sign-in    denied  ok          ok        denied
/incidents/<reference>/restrict            POST    sign-in    denied  ok          ok        denied
/incidents/<reference>/<any(submit, withdraw, reopen):step> POST sign-in denied ok ok denied
/incidents/<reference>/<any(approve, 'return', reject, retract, assess):step> POST sign-in denied denied ok denied
/incidents/<reference>/correct             GET     sign-in    denied  ok          ok        denied
/incidents/<reference>/correct             POST    sign-in    denied  ok          ok        denied
/corrections/<int:correction_id>/<any(submit, withdraw, approve, 'return', reject):step> POST sign-in denied ok ok denied
/parties                                   GET     sign-in    ok      ok          ok        ok
/parties/new                               GET     sign-in    denied  ok          ok        denied
/parties/new                               POST    sign-in    denied  ok          ok        denied
/parties/<int:party_id>                    GET     sign-in    ok      ok          ok        ok
/parties/<int:party_id>/edit               GET     sign-in    denied  ok          ok        denied
/parties/<int:party_id>/edit               POST    sign-in    denied  ok          ok        denied
/parties/<int:party_id>/name               POST    sign-in    denied  ok          ok        denied
/parties/<int:party_id>/erase              POST    sign-in    denied  denied      ok        ok
/parties/<int:party_id>/merge              GET     sign-in    denied  ok          ok        denied
/parties/<int:party_id>/merge              POST    sign-in    denied  ok          ok        denied
/parties/<int:party_id>/undo-merge         POST    sign-in    denied  ok          ok        denied
/events                                    GET     sign-in    ok      ok          ok        ok
/events/<int:event_id>                     GET     sign-in    ok      ok          ok        ok
/events/<int:event_id>/edit                GET     sign-in    denied  ok          ok        denied
/events/<int:event_id>/edit                POST    sign-in    denied  ok          ok        denied
/parties/suggest                           GET     sign-in    denied  ok          ok        denied
/events/suggest                            GET     sign-in    denied  ok          ok        denied
/incidents/suggest                         GET     sign-in    denied  ok          ok        denied
/incidents/found                           POST    sign-in    denied  ok          ok        denied
/incidents/found/types                     POST    sign-in    denied  ok          ok        denied
/dates/read                                GET     sign-in    denied  ok          ok        denied
/quantities/read                           GET     sign-in    denied  ok          ok        denied
/places                                    GET     sign-in    ok      ok          ok        ok
/places/<int:place_id>                     GET     sign-in    ok      ok          ok        ok
/places/new                                GET     sign-in    denied  ok          ok        denied
/places/new                                POST    sign-in    denied  ok          ok        denied
/places/<int:place_id>/edit                GET     sign-in    denied  ok          ok        denied
/places/<int:place_id>/edit                POST    sign-in    denied  ok          ok        denied
/places/suggest                            GET     sign-in    denied  ok          ok        denied
/places/read                               GET     sign-in    denied  ok          ok        denied
/places/near                               GET     sign-in    ok      ok          ok        ok
/incidents.csv                             GET     sign-in    ok      ok          ok        ok
/incidents/<any(citations, parties, figures, relations, sources):table>.csv GET sign-in ok ok ok ok
/exports                                   GET     sign-in    ok      ok          ok        ok
/exports/<int:export_id>                   GET     sign-in    ok      ok          ok        ok
"""

ANONYMOUS = "anonymous"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# One engine: the guard asks the database one thing, which the tests of sessions ask of both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Row:
    address: str
    method: str
    expected: dict[str, str]


def table() -> list[Row]:
    # From the right: an address may have spaces in it.
    head, *lines = (line.rsplit(None, 6) for line in TABLE.strip().splitlines())
    return [Row(line[0], line[1], dict(zip(head[2:], line[2:], strict=True))) for line in lines]


def filled(rule: Rule) -> str:
    """An address of this rule at which there is nothing."""
    values = {name: _nothing(converter) for name, converter in rule._converters.items()}
    built = rule.build(values)
    assert built is not None
    return built[1]


def _nothing(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, IntegerConverter) else "nothing"


def rules(app: Flask) -> dict[tuple[str, str], Rule]:
    """Those that answer: HEAD goes with GET, and OPTIONS with all of them."""
    return {
        (rule.rule, method): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def outcome(response: Any) -> str:
    if response.status_code == 401:
        return "sign-in"
    if response.status_code == 303 and response.location.startswith("/sign-in"):
        return "sign-in"
    return "denied" if response.status_code == 403 else "ok"


class Visitor:
    """Somebody of one role, signed in again after the row that signs out."""

    def __init__(self, app: Flask, role: str) -> None:
        self.app = app
        self.person: Person | None = None
        self.client = app.test_client()
        if role != ANONYMOUS:
            self.person = account(app.extensions["incidents"], f"a {role}", Role(role))
        self.enter()

    def asks(self, method: str, address: str) -> str:
        data = {"csrf_token": form_token(self.client)} if method not in ("GET", "HEAD") else None
        response = self.client.open(address, method=method, data=data)
        if address == "/sign-out" and self.person and response.status_code == 303:
            # It ends at the door, as it should.
            self.enter()
            return "ok"
        return outcome(response)

    def enter(self) -> None:
        if self.person is not None:
            token = signed_in_token(self.app.extensions["incidents"], self.person)
            with self.client.session_transaction() as cookie:
                cookie["_user_id"] = token


@pytest.mark.parametrize("role", [ANONYMOUS, *Role])
def test_each_role_may_do_what_the_table_says(app: Flask, role: str) -> None:
    found, visitor = rules(app), Visitor(app, role)
    wrong = []
    for row in table():
        rule = found.get((row.address, row.method))
        if rule is None:
            continue
        methods = [row.method, "HEAD"] if row.method == "GET" else [row.method]
        for method in methods:
            got = visitor.asks(method, filled(rule))
            if got != row.expected[role]:
                wrong.append(f"{method} {row.address}: {got}, not {row.expected[role]}")
    assert not wrong, "\n".join(wrong)


def test_every_route_is_in_the_table_once_and_every_row_has_its_route(app: Flask) -> None:
    rows = [(row.address, row.method) for row in table()]
    assert sorted(rows) == sorted(set(rows))
    missing, gone = set(rules(app)) - set(rows), set(rows) - set(rules(app))
    assert not missing, "\n".join(["give these their row:", *map(" ".join, sorted(missing))])
    assert not gone, "\n".join(["nobody serves these rows:", *map(" ".join, sorted(gone))])


@pytest.mark.parametrize("role", [ANONYMOUS, Role.ADMIN])
def test_a_method_that_a_route_does_not_serve_is_refused(app: Flask, role: str) -> None:
    served = rules(app)
    visitor = Visitor(app, role)
    for (address, _), rule in served.items():
        for method in METHODS:
            as_served = "GET" if method == "HEAD" else method
            if method in (rule.methods or ()) or (address, as_served) in served:
                continue
            expected = "sign-in" if role == ANONYMOUS else "ok"
            assert visitor.asks(method, filled(rule)) == expected, f"{method} {address}"


def test_every_write_asks_for_the_form_token(app: Flask, sign_in: Callable[..., Browser]) -> None:
    everybody = sign_in(*Role)
    for (address, method), rule in rules(app).items():
        if method == "GET":
            continue
        response = everybody.client.open(filled(rule), method=method)
        assert response.status_code == 400, f"{method} {address}"


def test_a_view_that_names_no_role_is_closed_to_everybody(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert sign_in(*Role).get("/forgotten").status_code == 403


def test_a_stranger_can_not_tell_what_exists(client: FlaskClient) -> None:
    for address in ("/settings/accounts", "/no-such-page", "/incidents/INC-2026-00001"):
        response = client.get(address)
        assert (response.status_code, response.location) == (303, f"/sign-in?next={address}")


def test_several_roles_add_up(sign_in: Callable[..., Browser]) -> None:
    assert sign_in("reader", "admin").get("/settings/accounts").status_code == 200

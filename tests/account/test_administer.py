"""What administrators do with accounts; somebody who can administer always stays."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import col, select

from incidents.account.actions import add_account, change_roles, disable, end_sessions, make_link
from incidents.account.models import AccountRole
from incidents.account.queries import accounts, viewer_by_name
from incidents.audit.models import AuditEntry
from incidents.errors import FieldErrors, NotAllowed, NotFound
from incidents.services import Services
from incidents.viewer import OPERATOR, Role
from tests.conftest import Browser, form_token
from tests.factories import Person, account


def roles_of(services: Services, account_id: int) -> set[str]:
    with services.database.reading() as session:
        rows = session.exec(select(AccountRole.role).where(AccountRole.account_id == account_id))
        return set(rows)


def test_adding_an_account_shows_its_link_once_and_the_link_signs_in(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    admin = sign_in("admin")
    page = admin.post("/settings/accounts", {"name": "Mira Holt", "roles": ["researcher"]})
    assert page.status_code == 200
    address = page.text.partition('value="http://localhost')[2].partition('"')[0]
    assert address.startswith("/sign-in/")
    assert address not in admin.get("/settings/accounts").text
    newcomer = app.test_client()
    assert "Mira Holt" in newcomer.get(address).text
    sent = newcomer.post(address, data={"csrf_token": form_token(newcomer)})
    assert sent.status_code == 303


@pytest.mark.parametrize("name", ["mira holt", "  MIRA   Holt", "Míra Holt"])
def test_a_name_like_another_is_refused(sign_in: Callable[..., Browser], name: str) -> None:
    admin = sign_in("admin")
    admin.post("/settings/accounts", {"name": "Mira Holt", "roles": ["researcher"]})
    response = admin.post("/settings/accounts", {"name": name, "roles": ["reader"]})
    assert response.status_code == 422
    assert "There is an account with this name" in response.text


def test_an_account_needs_a_name_and_a_role(sign_in: Callable[..., Browser]) -> None:
    response = sign_in("admin").post("/settings/accounts", {"name": " "})
    assert response.status_code == 422
    assert "Enter the name this person signs in with." in response.text


def test_a_role_that_does_not_exist_is_refused(sign_in: Callable[..., Browser]) -> None:
    response = sign_in("admin").post("/settings/accounts", {"name": "x y", "roles": ["emperor"]})
    assert response.status_code == 422


def test_roles_change_and_the_change_is_logged(
    services: Services, sign_in: Callable[..., Browser]
) -> None:
    admin, person = sign_in("admin"), account(services, "mira")
    changed = admin.post(
        f"/settings/accounts/{person.id}",
        {"roles": ["researcher", "reviewer"], "protected_grant": "y"},
    )
    assert changed.status_code == 303
    assert roles_of(services, person.id) == {"researcher", "reviewer"}
    with services.database.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc())).first()
        viewer = viewer_by_name(session, "mira")
    assert entry is not None
    assert entry.action == "change_roles"
    assert entry.payload == '{"protected_grant":true,"roles":["researcher","reviewer"]}'
    assert viewer is not None
    assert viewer.protected_grant


def test_the_last_admin_can_not_be_removed_or_disabled(
    services: Services, sign_in: Callable[..., Browser]
) -> None:
    admin = sign_in("admin")
    own = f"/settings/accounts/{admin.person.id}"
    removed = admin.post(own, {"roles": ["reader"]})
    assert "This is the last administrator" in removed.text
    admin.post(f"{own}/disable")
    assert "This is the last administrator" in admin.get(own).text
    assert roles_of(services, admin.person.id) == {"admin"}


def test_a_disabled_admin_does_not_count_as_another(services: Services) -> None:
    first, second = account(services, "first", Role.ADMIN), account(services, "second", Role.ADMIN)
    with services.database.writing() as session:
        work = services.work(session, OPERATOR)
        disable(work, second.id)
        with pytest.raises(NotAllowed):
            change_roles(work, first.id, {Role.READER}, protected_grant=False)


def test_of_two_admins_one_can_go_and_lands_at_the_desk(sign_in: Callable[..., Browser]) -> None:
    leaving, _ = sign_in("admin"), sign_in("admin")
    own = f"/settings/accounts/{leaving.person.id}"
    assert leaving.post(own, {"roles": ["reader"]}).location == "/"
    assert leaving.get(own).status_code == 403


def test_disabled_means_signed_out_and_no_new_link(
    services: Services, sign_in: Callable[..., Browser]
) -> None:
    admin, person = sign_in("admin"), sign_in("researcher")
    address = f"/settings/accounts/{person.person.id}"
    admin.post(f"{address}/disable")
    assert person.get("/account").status_code == 303
    assert admin.post(f"{address}/link").status_code == 403
    admin.post(f"{address}/enable")
    assert admin.post(f"{address}/link").status_code == 200


def test_ending_sessions_signs_out_everywhere(sign_in: Callable[..., Browser]) -> None:
    admin, here = sign_in("admin"), sign_in("researcher")
    there = sign_in(person=here.person)
    admin.post(f"/settings/accounts/{here.person.id}/end-sessions")
    assert [browser.get("/account").status_code for browser in (here, there)] == [303, 303]


def test_the_list_tells_what_an_administrator_needs(
    services: Services, sign_in: Callable[..., Browser]
) -> None:
    sign_in("researcher", "reviewer")
    account(services, "nobody yet", Role.READER)
    with services.database.reading() as session:
        lines = accounts(session, services.clock(), idle_minutes=60)
    assert [(line.name, line.roles, line.open_sessions) for line in lines] == [
        ("nobody yet", (Role.READER,), 0),
        ("researcher reviewer 1", (Role.RESEARCHER, Role.REVIEWER), 1),
    ]


@pytest.mark.parametrize("role", [Role.READER, Role.RESEARCHER, Role.REVIEWER])
def test_actions_ask_for_an_administrator_themselves(services: Services, role: Role) -> None:
    person, other = account(services, "mira", role), account(services, "samuel")
    with services.database.writing() as session:
        work = services.work(session, person.viewer)
        for verb in (
            lambda: add_account(work, "third", {Role.ADMIN}),
            lambda: change_roles(work, person.id, {Role.ADMIN}, protected_grant=True),
            lambda: make_link(work, other.id, hours=1),
            lambda: disable(work, other.id),
            lambda: end_sessions(work, other.id),
        ):
            with pytest.raises(NotAllowed):
                verb()


def test_what_is_not_there_is_not_found(services: Services) -> None:
    with services.database.writing() as session:
        work = services.work(session, OPERATOR)
        with pytest.raises(NotFound):
            disable(work, 999_999)
        with pytest.raises(FieldErrors):
            add_account(work, "x" * 81, {Role.READER})


def test_of_two_admins_who_disable_each_other_at_once_one_stays(services: Services) -> None:
    one, other = (account(services, name, Role.ADMIN) for name in ("mira", "aru"))
    start = threading.Barrier(2)
    refused: list[str] = []

    def disables(actor: Person, whom: Person) -> None:
        with services.database.writing() as session:
            start.wait(10)
            try:
                disable(services.work(session, actor.viewer), whom.id)
            except NotAllowed:
                refused.append(actor.viewer.name)
            else:
                session.commit()

    threads = [
        threading.Thread(target=disables, args=pair) for pair in ((one, other), (other, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(refused) == 1
    with services.database.reading() as session:
        left = [viewer_by_name(session, name) for name in ("mira", "aru")]
    assert sum(1 for viewer in left if viewer is not None) == 1

"""Two browsers over one incident, killed at any moment: what either typed is there again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from incidents.account.actions import administer
from incidents.config import Settings
from incidents.services import Services, open_services
from incidents.viewer import OPERATOR, Role
from tests.browser.conftest import signed_in_by
from tests.factories import Person, account, one_time_link, with_password
from tests.team import Team

pytestmark = [
    pytest.mark.browser,
    # The server is a process of its own, over one file.
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PASSWORD = "a long enough password"


class Server:
    """The program as it is served, in a process that can be killed."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "INCIDENTS_DATABASE_URL": settings.database_url,
            "INCIDENTS_ARCHIVE": str(settings.archive),
            "INCIDENTS_SECRET_KEY": settings.secret_key,
            "INCIDENTS_NAME_KEY": settings.name_key,
        }
        self.folder = folder
        self.start()

    def start(self) -> None:
        program = str(Path(sys.executable).with_name("incidents"))
        command = [program, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def team(settings: Settings) -> Iterator[Team]:
    """With the clock of the machine: the server has no other."""
    services = open_services(settings)
    yield Team(services)
    services.database.dispose()


@pytest.fixture
def served(team: Team, settings: Settings, tmp_path: Path) -> Iterator[Server]:
    server = Server(settings, tmp_path)
    yield server
    server.kill()


@pytest.fixture
def browse(chromium: Browser, served: Server, team: Team) -> Iterator[Callable[[Person], Page]]:
    contexts = []

    def signed_in(person: Person) -> Page:
        context = chromium.new_context(base_url=served.url)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        signed_in_by(page, one_time_link(team.services, person))
        return page

    yield signed_in
    for context in contexts:
        context.close()


def person(team: Team, name: str) -> Person:
    return account(team.services, name, Role.RESEARCHER)


def field(page: Page, name: str) -> str:
    """What stands in it now, opened or folded."""
    return page.locator(f"[name='{name}']").input_value()


def type_into(page: Page, name: str, words: str) -> None:
    """Once the page that has the field is there, whatever was pressed before."""
    page.locator(f"[name='{name}']").first.wait_for(state="attached")
    page.evaluate(
        "document.querySelectorAll('form[data-keep] details').forEach(d => d.open = true)"
    )
    page.locator(f"[name='{name}']").fill(words)


def kept(page: Page) -> None:
    told = re.compile(r"^Kept at \d\d:\d\d$")
    expect(page.locator("[data-kept]")).to_have_text(told, timeout=60_000)


def go_on(page: Page, address: str) -> None:
    page.goto(address)
    with page.expect_navigation():
        page.get_by_role("link", name="Go on with it").first.click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").last.click()


def test_two_browsers_one_crashes_and_the_merge_page_decides(
    team: Team, browse: Callable[[Person], Page]
) -> None:
    reference = team.recorded()
    address = f"/incidents/{reference}/edit"
    mira, tomas = person(team, "mira"), person(team, "tomas")
    one, two = browse(mira), browse(tomas)
    one.goto(address)
    two.goto(address)
    type_into(one, "title", "Mira’s title")
    type_into(one, "notes", "Mira’s notes, half a sent")
    type_into(two, "title", "Tomas’s title")
    type_into(two, "summary", "Tomas’s summary")
    kept(one)

    one.context.close()
    save(two)
    two.wait_for_url(lambda url: url.endswith(reference))

    again = browse(mira)
    again.goto("/")
    expect(again.get_by_role("heading", name="Not saved yet")).to_be_visible()
    go_on(again, address)
    assert field(again, "title") == "Mira’s title"
    assert field(again, "notes") == "Mira’s notes, half a sent"
    save(again)
    expect(again.get_by_role("heading", name="Two of you changed this")).to_be_visible()
    again.get_by_role("group", name="Title").get_by_text("Mira’s title").click()
    save(again)
    again.wait_for_url(lambda url: url.endswith(reference))

    stored = team.stored(reference)
    assert (stored.title, stored.summary, stored.notes) == (
        "Mira’s title",
        "Tomas’s summary",
        "Mira’s notes, half a sent",
    )
    again.goto("/")
    assert again.get_by_role("heading", name="Not saved yet").count() == 0


def test_words_of_the_last_moment_survive_a_closed_tab(
    team: Team, browse: Callable[[Person], Page]
) -> None:
    """No pause was made, and nobody waited for an answer."""
    reference = team.recorded()
    mira = person(team, "mira")
    page = browse(mira)
    page.goto(f"/incidents/{reference}/edit")
    type_into(page, "notes", "typed and gone at once")
    page.close(run_before_unload=False)

    again = browse(mira)
    for _ in range(50):
        again.goto(f"/incidents/{reference}/edit")
        if again.get_by_role("link", name="Go on with it").count():
            break
    go_on(again, f"/incidents/{reference}/edit")
    assert field(again, "notes") == "typed and gone at once"


def test_a_killed_server_takes_nothing_along(
    team: Team, served: Server, browse: Callable[[Person], Page]
) -> None:
    reference = team.recorded()
    page = browse(person(team, "mira"))
    page.goto(f"/incidents/{reference}/edit")
    type_into(page, "notes", "before")
    kept(page)

    served.kill()
    type_into(page, "notes", "before and while it was dead")
    expect(page.locator("[data-kept]")).to_have_text("Not kept: no connection. Trying again.")
    save(page)
    expect(page.locator("[data-kept]")).to_contain_text("Not sent: no connection.")
    assert field(page, "notes") == "before and while it was dead"
    served.start()

    kept(page)
    save(page)
    page.wait_for_url(lambda url: url.endswith(reference))
    assert team.stored(reference).notes == "before and while it was dead"


def test_killed_between_typing_and_saving_it_is_offered_by_the_next_one(
    team: Team, served: Server, browse: Callable[[Person], Page]
) -> None:
    source = team.source_row().reference
    mira = person(team, "mira")
    address = f"/incidents/new?source={source}&type=injury"
    page = browse(mira)
    page.goto(address)
    page.get_by_role("button", name="Another quote").click()
    type_into(page, "citations-1-quote", "the second quote\n  with its line")
    page.locator("[name='citations-0-speaker_protected']").uncheck()
    kept(page)

    served.kill()
    page.context.close()
    served.start()

    again = browse(mira)
    go_on(again, address)
    assert field(again, "citations-1-quote") == "the second quote\n  with its line"
    assert not again.locator("[name='citations-0-speaker_protected']").is_checked()


def test_an_ended_session_asks_for_the_password_and_goes_on(
    team: Team, browse: Callable[[Person], Page]
) -> None:
    reference = team.recorded()
    mira = person(team, "mira")
    page = by_password(team, browse(mira), mira)
    page.goto(f"/incidents/{reference}/edit")
    # By another browser of hers: this one's session has ended, its cookie has not.
    end_sessions(team.services, mira)
    type_into(page, "notes", "typed after the end")
    page.locator("[name=notes]").focus()

    dialog = page.get_by_role("dialog", name="You are signed out")
    expect(dialog).to_be_visible()
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("don’t match")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("[name=notes]")).to_be_focused()
    kept(page)

    end_sessions(team.services, mira)
    save(page)
    expect(dialog).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(reference))
    assert team.stored(reference).notes == "typed after the end"


def test_somebody_else_in_the_same_browser_takes_nothing_over(
    team: Team, browse: Callable[[Person], Page]
) -> None:
    reference = team.recorded()
    mira, tomas = person(team, "mira"), person(team, "tomas")
    page = by_password(team, browse(mira), mira)
    page.goto(f"/incidents/{reference}/edit")
    other = page.context.new_page()
    other.goto("/account")
    other.locator("form[action='/sign-out']").first.evaluate("form => form.submit()")
    other.wait_for_url(lambda url: "/sign-in" in url)
    signed_in_by(other, one_time_link(team.services, tomas))

    page.bring_to_front()
    type_into(page, "notes", "Mira’s words")

    dialog = page.get_by_role("dialog", name="Somebody else is signed in")
    expect(dialog).to_contain_text("tomas")
    page.get_by_role("button", name="Not now").click()
    expect(page.locator("[data-kept]")).to_have_text("Not kept: you are signed out.")
    assert field(page, "notes") == "Mira’s words"
    assert team.stored(reference).notes is None
    save(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(reference))
    assert team.stored(reference).notes == "Mira’s words"


def by_password(team: Team, page: Page, person: Person) -> Page:
    """The same browser, signed in by a password: a one-time link forgets the one there was."""
    with_password(team.services, person, PASSWORD)
    page.goto("/sign-in")
    page.get_by_label("Name").fill(person.viewer.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def end_sessions(services: Services, person: Person) -> None:
    with services.database.writing() as session:
        administer.end_sessions(services.work(session, OPERATOR), person.id)
        session.commit()


def test_two_browsers_over_one_source_choose_on_the_merge_page(
    team: Team, browse: Callable[[Person], Page]
) -> None:
    reference = team.source_row(None, title="As it was").reference
    address = f"/sources/{reference}/edit"
    one, two = browse(person(team, "mira")), browse(person(team, "tomas"))
    one.goto(address)
    two.goto(address)
    for page, who in ((one, "Mira"), (two, "Tomas")):
        type_into(page, "title", f"{who}’s title")
    type_into(one, "author", "Mira’s author")
    type_into(two, "publisher", "Tomas’s publisher")

    two.get_by_role("button", name="Save source").last.click()
    two.wait_for_url(lambda url: url.endswith(reference))
    one.get_by_role("button", name="Save source").last.click()
    expect(one.get_by_role("heading", name="Two of you changed this")).to_be_visible()
    expect(one.get_by_role("radio", name="Yours Mira’s author")).to_be_checked()
    expect(one.get_by_role("radio", name="Tomas’s publisher")).to_be_checked()
    one.get_by_role("group", name="Title").get_by_text("As it was").click()
    one.get_by_role("button", name="Save source").last.click()
    one.wait_for_url(lambda url: url.endswith(reference))

    one.goto(address)
    assert field(one, "title") == "As it was"
    assert field(one, "author") == "Mira’s author"
    assert field(one, "publisher") == "Tomas’s publisher"

"""Every screen in every state it can be in, over the demo: what is looked at, and as whom.

Owns the list, for the pictures (`make screenshots`) and for the checks that go over all pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, Page
from sqlalchemy import func
from sqlmodel import col, select

from incidents.incident.models import Event, Party
from incidents.services import Services
from incidents.source.models import Source
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place
from tests.browser.conftest import signed_in_by
from tests.factories import Person, one_time_link

Act = Callable[[Page], object]
# Name → colour scheme, width and height of the window, direction of the page.
MODES: Mapping[str, tuple[Literal["light", "dark"], int, int, str]] = {
    "light": ("light", 1440, 900, "ltr"),
    "dark": ("dark", 1440, 900, "ltr"),
    "phone": ("light", 360, 780, "ltr"),
    "dark-phone": ("dark", 360, 780, "ltr"),
    "right-to-left": ("light", 1440, 900, "rtl"),
}


@dataclass(frozen=True)
class Screen:
    """One page in one state. `{JZ-09}`, `{source}`, `{party}` … in `address` are the demo's.

    `who` is an account of `people`, or "" for nobody. `act` brings the page into its state.
    """

    name: str
    who: str
    address: str
    act: Act | None = None
    status: int = 200


def _press(words: str) -> Act:
    """The button of the page's own content, not the bar's."""
    return lambda page: page.locator("main").get_by_role("button", name=words).first.click()


def _opened(selector: str) -> Act:
    return lambda page: page.locator(selector).first.click()


def _filled(selector: str, text: str, then: Act) -> Act:
    def act(page: Page) -> None:
        page.locator(selector).first.fill(text)
        then(page)

    return act


def _keep_a_view(page: Page) -> None:
    page.get_by_text("Save this view", exact=True).first.click()
    page.locator("#view-name").fill("Detentions to check")
    page.locator("form.new-view [type=submit]").click()
    page.goto("/incidents/views")
    page.locator("details.fold summary").first.click()


def _export(page: Page) -> None:
    assert page.request.get("/incidents.csv").ok
    page.reload()
    page.locator("main table a").first.click()


SCREENS = (
    Screen("sign-in", "", "/sign-in"),
    Screen(
        "sign-in-refused",
        "",
        "/sign-in",
        _filled("[name=name]", "nobody", _filled("[name=password]", "wrong", _press("Sign in"))),
    ),
    Screen("sign-in-link-used", "", "/sign-in/used", status=410),
    Screen("not-found", "researcher", "/incidents/INC-1999-00001", status=404),
    Screen("not-allowed", "researcher", "/settings/accounts", status=403),
    Screen("desk-researcher", "researcher", "/"),
    Screen("desk-reviewer", "reviewer", "/"),
    Screen("desk-admin", "admin", "/"),
    Screen("desk-reader", "reader", "/"),
    Screen("keys", "researcher", "/keys"),
    Screen("keys-dialog", "researcher", "/incidents", lambda page: page.keyboard.press("?")),
    Screen("incidents", "researcher", "/incidents"),
    Screen("incidents-reader", "reader", "/incidents"),
    Screen("incidents-filtered", "researcher", "/incidents?type=detention&country=KZ&from=2011"),
    Screen("incidents-words", "researcher", "/incidents?q=police&sort=relevance"),
    Screen("incidents-none", "researcher", "/incidents?type=killing&country=KZ&status=draft"),
    Screen("incidents-refused", "researcher", "/incidents?type=party&from=soon&q=%22open"),
    Screen("views", "researcher", "/incidents/views"),
    Screen("views-kept", "researcher", "/incidents?type=detention", _keep_a_view),
    Screen("incident", "researcher", "/incidents/{JZ-09}"),
    Screen("incident-reviewed", "reviewer", "/incidents/{JZ-10}"),
    Screen("incident-submitted", "reviewer", "/incidents/{JZ-08}"),
    Screen("incident-figures", "reviewer", "/incidents/{JZ-11}"),
    Screen("incident-reader", "reader", "/incidents/{JZ-01}"),
    Screen("incident-history", "researcher", "/incidents/{JZ-09}/history"),
    Screen("incident-correct", "researcher", "/incidents/{JZ-01}/correct"),
    Screen("incident-edit", "researcher", "/incidents/{JZ-12}/edit"),
    Screen("incident-type", "researcher", "/incidents/new?source={source}"),
    Screen("incident-new", "researcher", "/incidents/new?source={source}&type=detention"),
    Screen("incident-new-shortage", "researcher", "/incidents/new?source={source}&type=shortage"),
    Screen(
        "incident-new-statement",
        "researcher",
        "/incidents/new?source={source}&type=witness_statement",
    ),
    Screen(
        "incident-new-wrong",
        "researcher",
        "/incidents/new?source={source}&type=detention",
        _filled("[name=date]", "29 February 2023", _press("Submit")),
    ),
    Screen("sources", "researcher", "/sources"),
    Screen("sources-none", "researcher", "/sources?q=nothing+of+the+kind"),
    Screen("source", "researcher", "/sources/{source}"),
    Screen("source-reader", "reader", "/sources/{source}"),
    Screen("source-new", "researcher", "/sources/new"),
    Screen("source-new-wrong", "researcher", "/sources/new", _press("Keep a copy")),
    Screen("source-edit", "researcher", "/sources/{source}/edit"),
    Screen("source-copy", "researcher", "/sources/{source}/snapshots/new"),
    Screen("parties", "researcher", "/parties"),
    Screen("party", "researcher", "/parties/{party}"),
    Screen("party-new", "researcher", "/parties/new"),
    Screen("party-edit", "researcher", "/parties/{party}/edit"),
    Screen("party-merge", "researcher", "/parties/{party}/merge"),
    Screen("party-merge-sides", "researcher", "/parties/{party}/merge?into={other_party}"),
    Screen("events", "researcher", "/events"),
    Screen("event", "researcher", "/events/{event}"),
    Screen("event-edit", "researcher", "/events/{event}/edit"),
    Screen("places", "researcher", "/places"),
    Screen("place", "researcher", "/places/{place}"),
    Screen("place-new", "researcher", "/places/new"),
    Screen("place-edit", "researcher", "/places/{place}/edit"),
    Screen("exports", "reviewer", "/exports"),
    Screen("export", "reviewer", "/exports", _export),
    Screen("account", "researcher", "/account"),
    Screen("account-wrong", "researcher", "/account", _press("Set this password")),
    Screen("accounts", "admin", "/settings/accounts"),
    Screen("account-edit", "admin", "/settings/accounts/1"),
    Screen("vocabularies", "admin", "/settings/vocabularies"),
    Screen("vocabulary", "admin", "/settings/vocabularies/custody_status"),
    Screen("log", "admin", "/settings/audit"),
)

# In a database that holds nothing yet.
EMPTY = (
    Screen("empty-desk", "newcomer", "/"),
    Screen("empty-incidents", "newcomer", "/incidents"),
    Screen("empty-sources", "newcomer", "/sources"),
    Screen("empty-parties", "newcomer", "/parties"),
    Screen("empty-events", "newcomer", "/events"),
    Screen("empty-places", "newcomer", "/places"),
    Screen("empty-exports", "newcomer", "/exports"),
    Screen("empty-views", "newcomer", "/incidents/views"),
)


def names(services: Services, references: Mapping[str, str]) -> Mapping[str, Any]:
    """What the addresses name: the demo's incidents by their id in the article, the first of each
    kind of thing."""
    with services.database.reading() as session:
        firsts = {
            name: session.exec(select(func.min(col(model.id)))).one()
            for name, model in (("party", Party), ("event", Event), ("place", Place))
        }
        source = session.exec(select(Source).order_by(col(Source.id))).first()
        other_party = session.exec(select(func.max(col(Party.id)))).one()
    assert source is not None
    more = {"source": source.reference, "other_party": other_party}
    return {**references, **firsts, **more}


def link_of(services: Services, viewer: Viewer) -> str:
    """The path by which this person signs in."""
    assert viewer.account_id is not None
    return one_time_link(services, Person(viewer.account_id, viewer))


def browse(browser: Browser, url: str, mode: str, link: str = "") -> Page:
    """A window of a browser of its own, signed in by the link if there is one."""
    scheme, width, height, direction = MODES[mode]
    context = browser.new_context(
        base_url=url, color_scheme=scheme, viewport={"width": width, "height": height}
    )
    context.set_default_timeout(15_000)
    if direction != "ltr":
        context.add_init_script(
            "addEventListener('DOMContentLoaded',"
            f" () => document.documentElement.dir = '{direction}')"
        )
    page = context.new_page()
    if link:
        signed_in_by(page, link)
    return page


def shown(page: Page, screen: Screen, named: Mapping[str, Any]) -> None:
    """Bring the page to the screen and its state."""
    answer = page.goto(screen.address.format_map(named))
    assert answer is not None
    assert answer.status == screen.status, screen.name
    if screen.act is not None:
        screen.act(page)
        page.wait_for_load_state("networkidle")

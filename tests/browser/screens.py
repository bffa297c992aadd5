"""Every screen in every state it can be in, over the demo: what is looked at, and as whom.

Owns the list, for the pictures (`make screenshots`) and for the checks that go over all pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from typing import Any, Literal

from playwright.sync_api import Browser, Page
from sqlalchemy import func
from sqlmodel import col, select

from incidents.account.queries import viewer_by_name
from incidents.incident.models import Event, Party
from incidents.services import Services
from incidents.source.actions.captures import begin_capture
from incidents.source.models import Source
from incidents.source.queries.captures import Asked
from incidents.viewer import Viewer
from incidents.vocabulary.models import Place
from tests.browser.conftest import signed_in_by
from tests.factories import Person, one_time_link

Act = Callable[[Page], object]
# Name → colour scheme, width and height of the window, direction of the page.
MODES: Mapping[str, tuple[Literal["light", "dark"], int, int, str]] = {
    "light": ("light", 1440, 900, "ltr"),
    "dark": ("dark", 1440, 900, "ltr"),
    "right-to-left": ("light", 1440, 900, "rtl"),
    # As a window of 1440 × 900 is laid out at 200 %.
    "enlarged": ("light", 720, 450, "ltr"),
    "phone": ("light", 360, 780, "ltr"),
    "dark-phone": ("dark", 360, 780, "ltr"),
}
_ARTICLE = files("incidents.demo").joinpath("data", "article.md")
# Where the demo’s article stands.
_ADDRESS = "https://iwpr.net/global-voices/police-round-men-after-janaozen-violence"


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
    """The button of the page's own content, not the bar's, and the page it leads to."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=words).first.click()

    return act


def _opened(selector: str) -> Act:
    return lambda page: page.locator(selector).first.click()


def _filled(selector: str, text: str, then: Act) -> Act:
    def act(page: Page) -> None:
        page.locator(selector).first.fill(text)
        then(page)

    return act


def _suggesting(words: str) -> Act:
    """Lines beside the fields, of words typed as the quote."""

    def act(page: Page) -> None:
        page.locator("[name=citations-0-quote]").fill(words)
        page.locator("[data-use-all]").wait_for()

    return act


def _counted(page: Page) -> None:
    """The page of a draft whose date is told by another one."""
    page.locator("[name=date]").fill("three days ago")
    _press("Save draft")(page)
    page.wait_for_url(lambda url: "new" not in url)
    page.goto(f"/incidents/{page.url.partition('#')[2] or page.url.rpartition('/')[2]}")


def _saved_meanwhile(button: str) -> Act:
    """What is typed here comes back beside what another page has saved since."""

    def act(page: Page) -> None:
        other = page.context.new_page()
        other.goto(page.url)
        for one, words in ((other, "A title saved meanwhile"), (page, "A title of one’s own")):
            opened = one.url
            one.evaluate("document.querySelectorAll('form details').forEach(d => d.open = true)")
            one.locator("[name=title]").first.fill(words)
            one.get_by_role("button", name=button).last.click()
            if one is other:
                one.wait_for_url(lambda url, opened=opened: url != opened)
        other.close()
        page.locator(".merge").wait_for()

    return act


def _of_two_copies(query: str) -> Act:
    """The source’s page of one of two copies; in the second, some words are others."""

    def act(page: Page) -> None:
        source = page.url
        if not page.locator("nav.copies").count():
            page.goto(f"{source}/snapshots/new")
            text = _ARTICLE.read_text("utf-8").replace("shotgun cartridge", "spent cartridge")
            page.locator("[name=text]").fill(text)
            _press("Keep this copy")(page)
            page.wait_for_url(lambda url: "snapshots" not in url)
        page.goto(source + query)

    return act


def _selected(then: str = "") -> Act:
    """Words of the text, and a key."""

    def act(page: Page) -> None:
        page.evaluate(
            """() => {
              const words = document.querySelectorAll("[data-words] p")[9];
              words.scrollIntoView({block: "center"});
              getSelection().selectAllChildren(words);
            }"""
        )
        page.locator("[data-selbar]").wait_for()
        if then:
            page.keyboard.press(then)

    return act


def _nearly_the_same_text(page: Page) -> None:
    """The article again, without its end: under another headline, whose story is it?"""
    text = _ARTICLE.read_text("utf-8")
    page.evaluate("document.querySelectorAll('form details').forEach(d => d.open = true)")
    page.locator("[name=title]").fill("Fear stalks oil town")
    page.locator("[name=text]").fill(text[: len(text) * 5 // 6])
    _press("Keep a copy")(page)
    page.locator("#story").wait_for()


def _keep_a_view(page: Page) -> None:
    page.get_by_text("Save this view", exact=True).first.click()
    page.locator("#view-name").fill("Detentions to check")
    with page.expect_navigation():
        page.locator("form.new-view [type=submit]").click()
    page.goto("/incidents/views")
    page.locator("details.fold summary").first.click()


def _not_fetched(page: Page) -> None:
    page.locator("#text").fill("http://127.0.0.1/a")
    _press("Add this source")(page)
    page.wait_for_url("**/sources/new?capture=*")


def _export(page: Page) -> None:
    assert page.request.get("/incidents.csv").ok
    page.reload()
    with page.expect_navigation():
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
    Screen(
        "incident-merge", "researcher", "/incidents/{JZ-12}/edit", _saved_meanwhile("Save draft")
    ),
    Screen("incident-type", "researcher", "/incidents/new?source={source}"),
    Screen("incident-new", "researcher", "/incidents/new?source={source}&type=detention"),
    Screen(
        "incident-new-selected",
        "researcher",
        "/incidents/new?source={source}&type=detention#the-text",
        _selected(),
    ),
    Screen(
        "incident-new-same",
        "researcher",
        "/incidents/new?source={source}&type=ill_treatment&after={JZ-06}&same=1",
    ),
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
    Screen(
        "incident-new-suggested",
        "researcher",
        "/incidents/new?source={source}&type=detention",
        _suggesting("There were about 20 of them aged 30 to 40, by the OMON on December 16."),
    ),
    Screen(
        "incident-new-suggested-shortage",
        "researcher",
        "/incidents/new?source={source}&type=shortage",
        _suggesting("no bread or milk for four days. Eggs now cost 300 tenge each."),
    ),
    Screen(
        "incident-counted",
        "researcher",
        "/incidents/new?source={source}&type=detention",
        _counted,
    ),
    Screen("sources", "researcher", "/sources"),
    Screen("sources-none", "researcher", "/sources?q=nothing+of+the+kind"),
    Screen("source", "researcher", "/sources/{source}"),
    Screen("source-selected", "researcher", "/sources/{source}", _selected()),
    Screen("source-selected-add", "researcher", "/sources/{source}", _selected(then="a")),
    Screen("source-card", "researcher", "/sources/{source}#logged-1"),
    Screen("source-words", "researcher", "/sources/{source}#words", _opened("#words > summary")),
    Screen("source-after", "researcher", "/sources/{source}?after={JZ-12}#logged"),
    Screen("source-reader", "reader", "/sources/{source}"),
    Screen("source-new", "researcher", "/sources/new"),
    Screen("source-fetching", "researcher", "/sources/captures/{capture}"),
    Screen("source-fetching-stopped", "researcher", "/sources/captures/{capture_stopped}"),
    Screen("source-not-fetched", "researcher", "/", _not_fetched),
    Screen(
        "source-known",
        "researcher",
        "/sources/new",
        _filled("[name=url]", _ADDRESS, _press("Keep a copy")),
    ),
    Screen("source-new-wrong", "researcher", "/sources/new", _press("Keep a copy")),
    Screen("source-new-near", "researcher", "/sources/new", _nearly_the_same_text),
    Screen("source-edit", "researcher", "/sources/{source}/edit"),
    Screen("source-merge", "researcher", "/sources/{source}/edit", _saved_meanwhile("Save source")),
    Screen("source-copy", "researcher", "/sources/{source}/snapshots/new"),
    Screen("source-two-copies", "researcher", "/sources/{source}", _of_two_copies("")),
    Screen("source-older-copy", "researcher", "/sources/{source}", _of_two_copies("?copy=1")),
    Screen(
        "source-changed", "researcher", "/sources/{source}", _of_two_copies("?copy=2&against=1")
    ),
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
    more = {"source": source.reference, "other_party": other_party, **_fetching(services)}
    return {**references, **firsts, **more}


def _fetching(services: Services) -> Mapping[str, str]:
    """A page that is being fetched, and one whose process is gone."""
    found = {}
    with services.database.writing() as session:
        asker = viewer_by_name(session, "researcher")
        assert asker is not None
        work = services.work(session, asker)
        for name, by in (("capture", 1), ("capture_stopped", -1)):
            then = replace(work, now=work.now + timedelta(hours=by))
            found[name] = begin_capture(
                then, Asked("https://iwpr.net/global-voices/janaozen")
            ).token
        session.commit()
    return found


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


def turned(page: Page, mode: str) -> None:
    """The page as it stands, looked at in another way."""
    scheme, width, height, direction = MODES[mode]
    # Without motion a colour is there at once.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    # From its top: what was scrolled to in another width may lie under a bar in this one.
    page.evaluate(
        "direction => { document.documentElement.dir = direction; scrollTo(0, 0); }", direction
    )


def shown(page: Page, screen: Screen, named: Mapping[str, Any]) -> None:
    """Bring the page to the screen and its state."""
    answer = page.goto(screen.address.format_map(named))
    assert answer is not None
    assert answer.status == screen.status, screen.name
    if screen.act is not None:
        screen.act(page)
        page.wait_for_load_state("networkidle")

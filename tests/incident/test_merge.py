"""Merging parties that are one, and taking it back: nothing of either is lost."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import col, select

from incidents.audit.models import Revision
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale, WrongState
from incidents.incident.actions import (
    MergeAsked,
    PartySaid,
    add_party,
    edit_incident,
    edit_party,
    erase_party,
    merge_parties,
    reveal_name,
    reveal_names,
    set_privacy,
    undo_merge,
)
from incidents.incident.columns import TABLES
from incidents.incident.models import Party, PartyNameHash
from incidents.incident.queries.listing import ORDERS, page_of_incidents
from incidents.incident.queries.lookup import current_parties
from incidents.incident.queries.names import filter_from_args
from incidents.incident.queries.page import incident_page
from incidents.incident.queries.party import party_page, standing_party
from incidents.incident.record import CitationSaid, InvolvementSaid
from incidents.paging import PageAsked
from incidents.viewer import OPERATOR, Role, Viewer
from tests.conftest import Demo
from tests.incident.exported import READER, Article, article_of, exported, read
from tests.team import Team


def merged(
    team: Team, party: int, into: int, *, by: Viewer | None = None, protect: bool = False
) -> None:
    with team.work(by or team.reviewer) as work:
        versions = {one: work.session.get_one(Party, one).version for one in (party, into)}
        asked = MergeAsked(party, versions[party], into, versions[into], "One man", protect)
        merge_parties(work, asked)


def undone(team: Team, party: int, *, by: Viewer | None = None) -> None:
    with team.work(by or team.reviewer) as work:
        undo_merge(work, party, work.session.get_one(Party, party).version)


def involving(team: Team, *parties: int, role: str = "victim", **given: Any) -> str:
    rows = tuple(InvolvementSaid(party=one, role=role) for one in parties)
    return team.recorded(team.record(involvements=rows), **given)


def found(team: Team, viewer: Viewer, **asked: str) -> list[str]:
    """References a listing with this filter gives."""
    with team.reading() as session:
        ready = filter_from_args(session, asked.items(), viewer, team.services.keyring)
        page = page_of_incidents(session, ready, viewer, PageAsked(ORDERS["reference"]))
    return [row.reference for row in page.rows]


def labels(team: Team, reference: str, viewer: Viewer) -> list[str]:
    with team.reading() as session:
        page = incident_page(session, viewer, team.services.keyring, reference)
    return [line.label for line in page.parties]


# What comes out.


@pytest.fixture
def article(demo: Demo) -> Article:
    return article_of(demo)


def all_exports(article: Article) -> dict[tuple[str, ...], bytes]:
    return {
        (table, profile, columns): exported(
            article,
            table,
            "status=any" if profile == "internal" else "",
            OPERATOR if profile == "internal" else READER,
            profile=profile,
            columns=columns,
        )
        for table in TABLES
        for profile in ("internal", "public")
        for columns in ("full", "report")
    }


def test_merging_and_undoing_leaves_every_export_as_before(article: Article) -> None:
    """Every pair of the article that may be merged, each into the other."""
    before = all_exports(article)
    with article.database.reading() as session:
        parties = session.exec(select(Party).order_by(col(Party.id))).all()
    tried = 0
    for one, other in pairwise(parties):
        with article.database.writing() as session:
            work = article.services.work(session, article.people["reviewer"])
            versions = [session.get_one(Party, party.id).version for party in (one, other)]
            asked = MergeAsked(one.id or 0, versions[0], other.id or 0, versions[1])
            try:
                merge_parties(work, asked)
            except FieldErrors:
                continue
            session.commit()
        rows = read(exported(article, "parties", "status=any"))
        assert str(one.id) not in {row["party_id"] for row in rows}
        with article.database.writing() as session:
            work = article.services.work(session, article.people["reviewer"])
            undo_merge(work, one.id or 0, session.get_one(Party, one.id).version)
            session.commit()
        tried += 1
        after = all_exports(article)
        changed = [name for name in before if before[name] != after[name]]
        assert not changed, (one.label, other.label)
    assert tried > 5


def test_of_two_rows_in_one_incident_one_is_left(team: Team) -> None:
    """The same role twice adds nothing; another attribution does."""
    man, husband = team.party("detained man"), team.party("her husband")
    said = ("alleged_by_relative", None, "claimed_by_official")
    for attributions in ((None, None), (said[0], None), (None, said[0]), (said[0], said[2])):
        rows = tuple(
            InvolvementSaid(party=party, role="victim", attribution=attribution)
            for party, attribution in zip((man, husband), attributions, strict=True)
        )
        team.recorded(team.record(involvements=rows))
    article = Article(team.services, {}, {})
    before = exported(article, "parties", "status=any")
    merged(team, man, husband)

    rows_now = read(exported(article, "parties", "status=any"))

    assert {row["party_id"] for row in rows_now} == {str(husband)}
    assert [(row["incident_id"][-1], row["attribution"]) for row in rows_now] == [
        ("1", ""),
        ("2", said[0]),
        ("3", said[0]),
        ("4", said[0]),
        ("4", said[2]),
    ]
    assert labels(team, rows_now[1]["incident_id"], team.author) == ["her husband"]
    undone(team, man)
    assert exported(article, "parties", "status=any") == before


def test_merged_party_is_read_as_the_other_everywhere(team: Team) -> None:
    man, husband = team.party("detained man"), team.party("her husband")
    first = involving(team, man, status="approved")
    second = involving(team, husband, status="approved")
    merged(team, man, husband)

    for viewer in (team.author, team.reader):
        assert labels(team, first, viewer) == ["her husband"]
        for typed in (str(man), str(husband), "her husband"):
            assert found(team, viewer, party=typed) == [first, second], typed
            assert found(team, viewer, party=typed, role="victim") == [first, second]
            assert found(team, viewer, party=typed, status="approved") == [first, second]
    assert found(team, team.author, party="detained man") == [first, second]
    with pytest.raises(FieldErrors):
        found(team, team.reader, party="detained man")

    with team.reading() as session:
        page = party_page(
            session, team.author, team.services.keyring, standing_party(session, team.author, man)
        )
    assert (page.id, page.incident_count) == (husband, 2)
    assert [row.reference for row in page.incidents] == [second, first]


def test_one_speaker_of_two_sources_corroborates_nothing(team: Team) -> None:
    wife, woman = team.party("wife"), team.party("a woman at the gate")
    cited = tuple(CitationSaid(source=team.source(), speaker=one) for one in (wife, woman))
    reference = team.recorded(team.record(citations=cited))
    assert team.row(reference).sourcing == "corroborated"

    merged(team, woman, wife)
    assert (team.row(reference).sourcing, team.row(reference).sourcing_redacted) == (
        "single_source",
        "single_source",
    )
    undone(team, woman)
    assert team.row(reference).sourcing == "corroborated"


def test_incident_written_while_merged_counts_one_speaker(team: Team) -> None:
    wife, woman = team.party("wife"), team.party("a woman at the gate")
    merged(team, woman, wife)
    cited = tuple(CitationSaid(source=team.source(), speaker=one) for one in (wife, woman))

    assert team.row(team.recorded(team.record(citations=cited))).sourcing == "single_source"


def test_words_of_a_party_merged_into_a_protected_one_are_withheld(team: Team) -> None:
    speaker = team.party("a neighbour", privacy="label")
    witness = team.party("a witness")
    quote = team.quoting("her husband was detained", speaker=speaker)
    reference = team.recorded(team.record(citations=(quote,)), status="approved")

    def withheld() -> bool:
        with team.reading() as session:
            page = incident_page(session, team.reader, team.services.keyring, reference)
        return page.citations[0].withheld

    assert not withheld()
    merged(team, speaker, witness)
    assert withheld()
    undone(team, speaker)
    assert not withheld()


# Edits in between.


def test_an_edit_while_merged_does_not_glue_the_two_together(team: Team) -> None:
    man, husband = team.party("detained man"), team.party("her husband")
    wife = team.party("wife")
    cited = (CitationSaid(source=team.source(), speaker=man),)
    rows = (
        InvolvementSaid(party=husband, role="witness"),
        InvolvementSaid(party=wife, role="victim", relationship="spouse_of", relationship_to=man),
        InvolvementSaid(party=man, role="victim"),
    )
    reference = team.recorded(team.record(citations=cited, involvements=rows))
    merged(team, man, husband)
    before = team.stored(reference)
    # As a form sends it: whoever was merged is named as what they became.
    now = [
        one.model_copy(update={"party": husband if one.party == man else one.party}) for one in rows
    ]
    now[1] = now[1].model_copy(update={"relationship_to": husband})
    sent = before.model_copy(
        update={
            "title": "Another title",
            "involvements": tuple(now),
            "citations": (before.citations[0].model_copy(update={"speaker": husband}),),
        }
    )
    with team.work() as work:
        edit_incident(work, reference, 1, sent)

    kept = team.stored(reference)
    assert kept.title == "Another title"
    assert kept.involvements == rows
    assert kept.citations[0].speaker == man

    undone(team, man)
    assert labels(team, reference, team.author) == ["her husband", "wife", "detained man"]


def test_merge_is_kept_in_both_histories(team: Team) -> None:
    man, husband = team.party("detained man"), team.party("her husband")
    merged(team, man, husband)
    undone(team, man)

    with team.reading() as session:
        page = party_page(
            session,
            team.author,
            team.services.keyring,
            standing_party(session, team.author, husband),
        )
        alone = party_page(
            session, team.author, team.services.keyring, standing_party(session, team.author, man)
        )
    assert [save.what for save in page.history] == [
        "“detained man” taken out of it again",
        "“detained man” merged into it",
        "Recorded",
    ]
    assert [save.what for save in alone.history] == [
        "Stands for itself again",
        "Merged into another",
        "Recorded",
    ]
    assert alone.history[1].reason == "One man"


def test_chain_of_merges_comes_apart_in_the_middle(team: Team) -> None:
    one, two, three = team.party("one"), team.party("two"), team.party("three")
    first = involving(team, one)
    merged(team, one, two)
    merged(team, two, three)

    def standing() -> list[str]:
        with team.reading() as session:
            current = current_parties(session, (one, two, three))
            return [current[party].label for party in (one, two, three)]

    assert standing() == ["three", "three", "three"]
    assert labels(team, first, team.author) == ["three"]
    undone(team, two)
    assert standing() == ["two", "two", "three"]
    assert labels(team, first, team.author) == ["two"]
    undone(team, one)
    assert standing() == ["one", "two", "three"]


# Who may, and what may not.


def test_reviewers_merge_and_researchers_what_they_recorded(team: Team) -> None:
    mine = [team.party("one"), team.party("two")]
    other = team.party("three", by=team.colleague)
    for by in (team.reader, team.admin):
        with pytest.raises(NotFound):
            merged(team, *mine, by=by)
    for pair in ((mine[0], other), (other, mine[0])):
        with pytest.raises(NotAllowed):
            merged(team, *pair, by=team.author)
    with pytest.raises(NotAllowed):
        merged(team, *mine, by=OPERATOR)

    merged(team, *mine, by=team.author)
    with pytest.raises(NotAllowed):
        undone(team, mine[0], by=team.colleague)
    undone(team, mine[0], by=team.author)
    merged(team, other, mine[0], by=team.reviewer)


def test_party_of_a_sealed_incident_is_merged_by_nobody_else(team: Team) -> None:
    hidden, other = team.party("informant"), team.party("another")
    team.sealed(involving(team, hidden))
    for pair in ((hidden, other), (other, hidden)):
        with pytest.raises(NotFound):
            merged(team, *pair)

    merged(team, hidden, other, by=team.author)
    # The reviewer knows the other; nothing tells that somebody was merged into it.
    with team.reading() as session:
        keyring = team.services.keyring
        page = party_page(
            session, team.reviewer, keyring, standing_party(session, team.reviewer, other)
        )
        with pytest.raises(NotFound):
            standing_party(session, team.reviewer, hidden)
    assert page.taken_in == ()
    assert not any("informant" in f"{save}" for save in page.history)
    with pytest.raises(NotFound):
        undone(team, hidden)
    with pytest.raises(FieldErrors):
        found(team, team.reviewer, party="informant")


def test_party_is_not_merged_with_itself_nor_in_a_ring(team: Team) -> None:
    one, two = team.party("one"), team.party("two")
    with pytest.raises(FieldErrors, match="itself"):
        merged(team, one, one)
    merged(team, one, two)
    with pytest.raises(Stale):
        merged(team, two, one)
    with pytest.raises(Stale):
        merged(team, one, two)
    with pytest.raises(WrongState):
        undone(team, two)


def test_two_who_merge_at_once_make_no_ring(team: Team) -> None:
    one, two = team.party("one"), team.party("two")
    merged(team, one, two)
    with pytest.raises(Stale), team.work(team.second_reviewer) as work:
        merge_parties(work, MergeAsked(two, 1, one, 1))
    undone(team, one)
    with pytest.raises(Stale), team.work(team.second_reviewer) as work:
        # Both as they were read before somebody merged and undid.
        merge_parties(work, MergeAsked(one, 1, two, 1))


def test_who_stays_is_as_protected_as_who_goes(team: Team) -> None:
    protected = team.party("a witness")
    known = team.party("a neighbour", privacy="label")
    with pytest.raises(FieldErrors, match="better protected"):
        merged(team, protected, known)

    merged(team, protected, known, protect=True)
    with team.reading() as session:
        assert session.get_one(Party, known).privacy == "protected"
    said = PartySaid(kind="individual", label="a neighbour", privacy="label", keeps_name=True)
    with pytest.raises(FieldErrors, match="privacy"), team.work() as work:
        edit_party(work, known, work.session.get_one(Party, known).version, said)
    with pytest.raises(FieldErrors, match="parties"), team.work() as work:
        set_privacy(work, work.session.get_one(Party, known), "label")

    undone(team, protected)
    with team.work() as work:
        edit_party(work, known, work.session.get_one(Party, known).version, said)


def test_public_party_does_not_become_protected_under_its_name(team: Team) -> None:
    protected = team.party("a witness")
    public = team.party("", name="Kalmuhambet Kasymov", privacy="public")
    with pytest.raises(FieldErrors, match="better protected"):
        merged(team, protected, public, protect=True)


def test_name_of_who_was_merged_into_a_protected_one_finds_nobody(team: Team) -> None:
    minister = team.party("", name="Kalmuhambet Kasymov", privacy="public")
    known = team.party("an official", name="Askar Sadykov", privacy="label")
    witness = team.party("a witness")
    for party in (minister, known, witness):
        involving(team, party, status="approved")
    merged(team, minister, witness)
    merged(team, known, witness)

    for name in ("Kalmuhambet Kasymov", "Askar Sadykov"):
        with pytest.raises(FieldErrors):
            found(team, team.reader, party=name)
    with pytest.raises(FieldErrors):
        found(team, team.colleague, party="Askar Sadykov")
    assert len(found(team, team.reader, party="a witness")) == 3


def test_merged_party_is_not_edited(team: Team) -> None:
    one, two = team.party("one"), team.party("two")
    merged(team, one, two)
    with pytest.raises(WrongState), team.work() as work:
        edit_party(work, one, 2, PartySaid(kind="individual", label="one"))


# Names.


def named(team: Team, label: str, name: str, *, by: Viewer | None = None) -> int:
    with team.work(by) as work:
        return add_party(work, PartySaid("individual", label, name=name)).id or 0


def test_merging_opens_no_name_to_anybody(team: Team) -> None:
    mine = named(team, "one", "Aizhan Bekova")
    theirs = named(team, "two", "Saule Bekova", by=team.colleague)
    merged(team, mine, theirs)

    for by, name in ((team.author, "Aizhan Bekova"), (team.colleague, "Saule Bekova")):
        with team.work(by) as work:
            assert [one.name for one in reveal_names(work, theirs)] == [name]
    with pytest.raises(NotAllowed), team.work(team.reviewer) as work:
        reveal_names(work, theirs)
    granted = team.person("granted", Role.REVIEWER, protected_grant=True)
    with team.work(granted) as work:
        assert {one.name for one in reveal_names(work, theirs)} == {"Aizhan Bekova", "Saule Bekova"}


def test_label_partys_name_is_protected_with_what_it_became(team: Team) -> None:
    known = team.party("an official", name="Askar Sadykov", privacy="label", by=team.colleague)
    witness = team.party("a witness", by=team.colleague)
    with team.work() as work:
        assert reveal_name(work, known)[0] == "Askar Sadykov"
    merged(team, known, witness)
    with pytest.raises(NotAllowed), team.work() as work:
        reveal_name(work, known)


def test_erasing_a_party_erases_the_names_of_those_merged_into_it(team: Team) -> None:
    one, two = named(team, "one", "Aizhan Bekova"), named(team, "two", "Saule Bekova")
    three = named(team, "three", "Dana Bekova")
    merged(team, one, two)
    merged(team, two, three)
    with team.work(team.reviewer) as work:
        # By an old id: it is the whole party that is erased.
        erase_party(work, one, "She asked for it.")

    with team.reading() as session:
        assert session.exec(select(PartyNameHash)).all() == []
        for party in session.exec(select(Party)):
            assert party.name_sealed is None
            assert party.erased_at is not None
    with pytest.raises(WrongState), team.work(team.reviewer) as work:
        erase_party(work, three, "Again.")
    undone(team, two)
    with pytest.raises(NotFound), team.work() as work:
        reveal_names(work, two)


def test_erased_name_does_not_come_back_by_merging(team: Team) -> None:
    erased, alive = named(team, "one", "Aizhan Bekova"), named(team, "two", "Saule Bekova")
    with team.work(team.reviewer) as work:
        erase_party(work, erased, "She asked for it.")
    with pytest.raises(FieldErrors, match="erased"):
        merged(team, alive, erased)

    merged(team, erased, alive)
    with team.work() as work:
        assert [one.name for one in reveal_names(work, alive)] == ["Saule Bekova"]


def test_public_partys_label_goes_with_its_name(team: Team) -> None:
    party = team.party("", name="Kalmuhambet Kasymov", privacy="public")
    alias = team.party("", name="K. Kasymov", privacy="public")
    merged(team, alias, party)
    for label in ("", "minister Kalmuhambet  KASYMOV", "the K. Kasymov of old"):
        with pytest.raises(FieldErrors, match="label"), team.work(team.reviewer) as work:
            erase_party(work, party, "He asked for it.", label=label)
    with team.work(team.reviewer) as work:
        erase_party(work, party, "He asked for it.", label="an official")

    with team.reading() as session:
        rows = session.exec(select(Party)).all()
        assert {(row.label, row.privacy) for row in rows} == {("an official", "label")}
        payloads = " ".join(session.exec(select(Revision.payload)).all())
        history = party_page(
            session,
            team.author,
            team.services.keyring,
            standing_party(session, team.author, party),
        ).history
    assert "Kasymov" not in payloads
    assert "Kasymov" not in str(history)


# In the browser.


def test_merge_page_shows_both_and_merges(
    team: Team, sign_in: Callable[..., Any], person_of: Callable[..., Any]
) -> None:
    man, husband = team.party("detained man", age=33), team.party("detained man", sex="male")
    both = involving(team, man, husband)
    browser = sign_in(person=person_of(team.reviewer))

    candidates = browser.get(f"/parties/{man}/merge").text
    assert f"/parties/{man}/merge?into={husband}" in candidates
    page = browser.get(f"/parties/{man}/merge?into={husband}").text
    assert "33" in page
    assert "Male" in page
    assert "are they two people there?" in page
    assert both in page

    sent = {"into": husband, "version": 1, "into_version": 1, "reason": "Same day, same cell"}
    answer = browser.post(f"/parties/{man}/merge", sent)
    assert (answer.status_code, answer.location) == (303, f"/parties/{husband}")
    assert browser.get(f"/parties/{man}").location == f"/parties/{husband}"
    shown = browser.get(f"/parties/{husband}").text
    assert f"/parties/{man}/undo-merge" in shown
    assert browser.post(f"/parties/{man}/merge", sent).status_code == 409

    assert browser.post(f"/parties/{man}/undo-merge", {"version": 1}).status_code == 409
    assert browser.post(f"/parties/{man}/undo-merge", {"version": 2}).status_code == 303
    assert browser.get(f"/parties/{man}").status_code == 200


def test_merge_page_offers_to_protect_who_stays(
    team: Team, sign_in: Callable[..., Any], person_of: Callable[..., Any]
) -> None:
    witness, neighbour = team.party("a witness"), team.party("a neighbour", privacy="label")
    browser = sign_in(person=person_of(team.reviewer))

    page = browser.get(f"/parties/{witness}/merge?into={neighbour}").text
    assert "better protected" in page
    assert f"/parties/{neighbour}/merge?into={witness}" in page
    sent = {"into": neighbour, "version": 1, "into_version": 1}
    refused = browser.post(f"/parties/{witness}/merge", sent)
    assert refused.status_code == 422
    assert "Protect “a neighbour” and merge" in refused.text
    assert browser.post(f"/parties/{witness}/merge", {**sent, "protect": "1"}).status_code == 303


def test_merge_page_asks_about_a_person_and_a_group(
    team: Team, sign_in: Callable[..., Any], person_of: Callable[..., Any]
) -> None:
    man, other = team.party("detained man"), team.party("detained husband")
    men = team.party("about 20 men", kind="group")
    browser = sign_in(person=person_of(team.reviewer))

    assert "only a part" in browser.get(f"/parties/{man}/merge?into={men}").text
    assert "only a part" not in browser.get(f"/parties/{man}/merge?into={other}").text


def test_tampered_merge_is_not_found(
    team: Team, sign_in: Callable[..., Any], person_of: Callable[..., Any]
) -> None:
    man = team.party("detained man")
    browser = sign_in(person=person_of(team.reviewer))
    for into in ("", "0", "abc", "99999", "99999999999999", "1'"):
        assert browser.get(f"/parties/{man}/merge?into={into}").status_code in (200, 404)
        sent = {"into": into, "version": 1, "into_version": 1}
        assert browser.post(f"/parties/{man}/merge", sent).status_code == 404, into
    assert browser.get(f"/parties/{man}/merge?into={man}").status_code == 200
    with team.reading() as session:
        assert session.get_one(Party, man).merged_into_id is None


def official(team: Team, label: str, **said: Any) -> int:
    with team.work() as work:
        return add_party(work, PartySaid("individual", label, **said)).id or 0


def test_names_of_a_merged_party_only_hidden_incidents_know_are_not_told(team: Team) -> None:
    """Neither as other names of the one that stays, nor where its names are shown."""
    hidden = official(team, "Hidden Colonel", privacy="public", aliases=("Sly",))
    stays = official(team, "Known Colonel", privacy="public")
    other = official(team, "a guard", privacy="label", name="Askar Sadykov")
    guard = official(team, "an officer", privacy="label", name="Serik Omarov")
    team.sealed(involving(team, hidden, other))
    involving(team, stays, guard)
    merged(team, hidden, stays, by=team.author)
    merged(team, other, guard, by=team.author)

    told = {}
    for viewer in (team.author, team.colleague):
        with team.reading() as session:
            keyring = team.services.keyring
            page = party_page(session, viewer, keyring, standing_party(session, viewer, stays))
        with team.work(viewer) as work:
            told[viewer] = page.aliases, [one.name for one in reveal_names(work, guard)]
    assert told[team.author] == (("Hidden Colonel", "Sly"), ["Serik Omarov", "Askar Sadykov"])
    assert told[team.colleague] == ((), ["Serik Omarov"])

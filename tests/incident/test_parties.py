"""Parties: labels everybody sees, names that are sealed, and whom the same words mean."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, update
from sqlmodel import col, select

from incidents.audit.models import AuditEntry, Revision
from incidents.crypto import SealError
from incidents.errors import FieldErrors, NotAllowed, NotFound, Stale
from incidents.folding import fold
from incidents.incident.actions import (
    PartySaid,
    add_party,
    edit_party,
    erase_party,
    reveal_name,
    set_privacy,
)
from incidents.incident.models import Party, PartyKey, PartyNameHash
from incidents.incident.queries.sealed import party_names
from incidents.incident.queries.suggested_parties import parties_meant
from incidents.incident.record import CitationSaid, InvolvementSaid
from incidents.viewer import OPERATOR, Role, Viewer
from tests.team import Team

WIFE = PartySaid(
    kind="individual",
    label="wife of detained man",
    name="Айжан Бекова",
    aliases=("Aizhan Bekova", "Айжан"),
    sex="female",
)


def added(team: Team, said: PartySaid = WIFE, by: Viewer | None = None) -> int:
    with team.work(by) as work:
        return add_party(work, said).id or 0


def found_by(team: Team, name: str) -> list[int]:
    """Parties whose full name or alias this is, by its keyed hash."""
    digest = team.services.keyring.keyed_hash(fold(name), "party name")
    with team.reading() as session:
        return list(
            session.exec(select(PartyNameHash.party_id).where(PartyNameHash.hash == digest)).all()
        )


def name_of(team: Team, party_id: int) -> tuple[str | None, tuple[str, ...]]:
    with team.reading() as session:
        return party_names(session, team.services.keyring, session.get_one(Party, party_id))


def revealed(team: Team, party_id: int, by: Viewer) -> tuple[str | None, tuple[str, ...]]:
    with team.work(by) as work:
        return reveal_name(work, party_id)


def readings(team: Team) -> list[int | None]:
    """Whose readings of a name the log tells."""
    with team.reading() as session:
        return list(
            session.exec(select(AuditEntry.actor_id).where(AuditEntry.action == "read_name")).all()
        )


# Names.


def test_name_and_aliases_are_ciphertext_in_row_and_revision(team: Team) -> None:
    party_id = added(team)

    with team.reading() as session:
        party = session.get_one(Party, party_id)
        payload = session.exec(select(Revision.payload).where(Revision.entity == "party")).one()
        logged = session.exec(select(AuditEntry.payload)).all()
    assert party.name_sealed is not None
    stored = party.name_sealed.decode("latin-1") + payload + "".join(logged)
    for name in (WIFE.name, *WIFE.aliases):
        assert name is not None
        assert name not in stored
        assert name.encode().decode("latin-1") not in stored
    assert json.loads(payload)["label"] == "wife of detained man"
    assert name_of(team, party_id) == (WIFE.name, WIFE.aliases)


def test_party_is_found_by_its_whole_name_however_it_is_typed(team: Team) -> None:
    party_id = added(team)

    for typed in ("Айжан Бекова", " айжан  БЕКОВА ", "aizhan bekova", "Айжан"):
        assert found_by(team, typed) == [party_id], typed
    for typed in ("Бекова", "wife of detained man", "Aizhan"):
        assert found_by(team, typed) == [], typed


def test_renamed_party_is_found_by_its_new_name_only(team: Team) -> None:
    party_id = added(team)
    with team.work() as work:
        edit_party(work, party_id, 1, replace(WIFE, name="Сауле Бекова", aliases=()))

    assert name_of(team, party_id) == ("Сауле Бекова", ())
    assert found_by(team, "Сауле Бекова") == [party_id]
    assert found_by(team, "Айжан Бекова") == found_by(team, "Айжан") == []


def test_name_taken_back_leaves_no_hash_and_no_ciphertext(team: Team) -> None:
    party_id = added(team)
    with team.work() as work:
        edit_party(work, party_id, 1, replace(WIFE, name=None, aliases=()))

    assert name_of(team, party_id) == (None, ())
    with team.reading() as session:
        assert session.get_one(Party, party_id).name_sealed is None
        assert session.exec(select(PartyNameHash)).all() == []


def test_stale_edit_of_a_party_changes_nothing(team: Team) -> None:
    party_id = added(team)
    with team.work() as work:
        edit_party(work, party_id, 1, replace(WIFE, occupation="nurse"))

    with pytest.raises(Stale), team.work() as work:
        edit_party(work, party_id, 1, replace(WIFE, occupation="driver"))

    with team.reading() as session:
        assert session.get_one(Party, party_id).occupation == "nurse"


def test_erased_name_is_gone_from_row_hashes_and_every_revision(team: Team) -> None:
    party_id = added(team)
    with team.work() as work:
        edit_party(work, party_id, 1, replace(WIFE, aliases=()))
    with team.reading() as session:
        stored = session.exec(select(PartyKey).where(PartyKey.party_id == party_id)).one()
        key = team.services.keyring.unwrap(stored.wrapped or b"", "party_key", party_id)

    with team.work(team.reviewer) as work:
        erase_party(work, party_id, "She asked for it.")

    with team.reading() as session:
        party = session.get_one(Party, party_id)
        stored = session.exec(select(PartyKey).where(PartyKey.party_id == party_id)).one()
        assert (party.name_sealed, stored.wrapped) == (None, None)
        assert party.erased_at == stored.destroyed_at is not None
        assert session.exec(select(PartyNameHash)).all() == []
        assert (party.label, party.version) == ("wife of detained man", 3)
        payloads = session.exec(
            select(Revision.payload).where(Revision.entity == "party").order_by(col(Revision.id))
        ).all()
    sealed = [json.loads(payload).get("name_sealed") for payload in payloads]
    assert [bool(one) for one in sealed] == [True, True, False]
    for one in sealed[:2]:
        clear = team.services.keyring.unseal(
            key, bytes.fromhex(one), table="party", row_id=party_id, version=1
        )
        assert "Бекова" in clear, "the destroyed key is what keeps it shut"
        with pytest.raises(SealError):
            team.services.keyring.unseal(
                team.services.keyring.new_key(),
                bytes.fromhex(one),
                table="party",
                row_id=party_id,
                version=1,
            )
    for by in (team.author, team.person("granted", Role.REVIEWER, protected_grant=True)):
        with pytest.raises(NotFound):
            revealed(team, party_id, by)


def test_erased_party_is_not_named_again_and_may_be_described(team: Team) -> None:
    party_id = added(team)
    with team.work(team.reviewer) as work:
        erase_party(work, party_id, "She asked for it.")

    with pytest.raises(FieldErrors, match="name"), team.work() as work:
        edit_party(work, party_id, 2, WIFE)
    with team.work() as work:
        edit_party(work, party_id, 2, replace(WIFE, name=None, aliases=(), occupation="nurse"))


def test_erasing_is_for_reviewers_and_admins_with_a_reason(team: Team) -> None:
    party_id = added(team)
    for by in (team.author, team.colleague, team.reader):
        with pytest.raises(NotAllowed), team.work(by) as work:
            erase_party(work, party_id, "Why not")
    with pytest.raises(FieldErrors, match="reason"), team.work(team.reviewer) as work:
        erase_party(work, party_id, " ")

    assert name_of(team, party_id)[0] == "Айжан Бекова"

    with team.work(team.admin) as work:
        erase_party(work, party_id, "She asked for it.")
    with pytest.raises(NotFound):
        name_of(team, party_id)


# Labels.


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"label": ""}, "label"),
    ({"label": "wife Айжан  БЕКОВА"}, "label"),
    ({"label": "Aizhan Bekova, wife"}, "label"),
    ({"privacy": "label", "label": "айжан бекова"}, "label"),
    ({"privacy": "public"}, "label"),
    ({"label": "x" * 301}, "label"),
    ({"name": "half \ud83d"}, "name"),
    ({"aliases": ("\x00",)}, "aliases"),
    ({"kind": "crowd"}, "kind"),
    ({"privacy": "secret"}, "privacy"),
    ({"sex": "f"}, "sex"),
    ({"sort": "police"}, "sort"),
    ({"age": 151}, "age"),
    ({"parent": 999}, "parent"),
]


def test_fault_of_a_party_is_named(team: Team) -> None:
    for changed, path in FAULTS:
        with pytest.raises(FieldErrors) as refused:
            added(team, replace(WIFE, **changed))
        assert list(refused.value.errors) == [path], changed


def test_public_party_is_shown_by_its_name(team: Team) -> None:
    minister = PartySaid(
        kind="individual", privacy="public", name="Kalmuhambet Kasymov", aliases=("Касымов",)
    )
    party_id = added(team, minister)

    with team.reading() as session:
        party = session.get_one(Party, party_id)
    assert party.label == "Kalmuhambet Kasymov"
    assert party.name_sealed is not None
    assert b"\xd0\x9a" not in party.name_sealed


# Reading a name.


def test_name_of_a_protected_party_is_for_those_involved_and_logged(team: Team) -> None:
    party_id = added(team)
    granted = team.person("granted", Role.REVIEWER, protected_grant=True)
    mine = team.record(involvements=(InvolvementSaid(party=party_id, role="witness"),))
    team.recorded(mine, by=team.reviewer)

    for by in (team.author, granted, team.reviewer):
        assert revealed(team, party_id, by)[0] == "Айжан Бекова"

    assert readings(team) == [one.account_id for one in (team.author, granted, team.reviewer)]


def test_name_of_a_protected_party_is_refused_to_the_uninvolved(team: Team) -> None:
    party_id = added(team)
    only_granted = team.person("researcher with the grant", Role.RESEARCHER, protected_grant=True)
    for by in (team.colleague, team.reviewer, only_granted, OPERATOR):
        with pytest.raises(NotAllowed):
            revealed(team, party_id, by)
    for by in (team.reader, team.admin, team.author.publicly()):
        with pytest.raises(NotFound):
            revealed(team, party_id, by)

    assert readings(team) == []


def test_who_recorded_somebodys_words_is_involved(team: Team) -> None:
    party_id = added(team)
    said = CitationSaid(source=team.source(), speaker=party_id)
    team.recorded(team.record(citations=(said,)), by=team.colleague)

    assert revealed(team, party_id, team.colleague)[0] == "Айжан Бекова"


def test_name_of_a_party_shown_by_its_label_is_for_internal_eyes(team: Team) -> None:
    party_id = added(team, replace(WIFE, privacy="label"))

    assert revealed(team, party_id, team.colleague)[0] == "Айжан Бекова"
    with pytest.raises(NotFound):
        revealed(team, party_id, team.reader)
    assert readings(team) == []


def test_name_nobody_says_is_nothing(team: Team) -> None:
    assert revealed(team, added(team, PartySaid("individual", "a man")), team.author) == (None, ())


def test_protecting_a_party_makes_a_version_and_changes_nothing_else(team: Team) -> None:
    party_id = added(team, replace(WIFE, privacy="label"))
    with team.work() as work:
        for privacy in ("protected", "protected"):
            set_privacy(work, work.session.get_one(Party, party_id), privacy)

    with team.reading() as session:
        party = session.get_one(Party, party_id)
    assert (party.privacy, party.version) == ("protected", 2)
    assert name_of(team, party_id) == (WIFE.name, WIFE.aliases)


def test_party_of_a_sealed_incident_is_not_there_for_others(team: Team) -> None:
    for privacy in ("protected", "label"):
        party_id = added(team, replace(WIFE, privacy=privacy))
        involved = (InvolvementSaid(party=party_id, role="witness"),)
        team.sealed(team.recorded(team.record(involvements=involved)), team.reviewer)
        granted = team.person(f"granted {privacy}", Role.REVIEWER, protected_grant=True)
        for by in (team.colleague, granted):
            with pytest.raises(NotFound):
                revealed(team, party_id, by)
            with pytest.raises(NotFound), team.work(by) as work:
                edit_party(work, party_id, 1, replace(WIFE, occupation="nurse"))
        assert revealed(team, party_id, team.author)[0] == "Айжан Бекова"

    assert revealed(team, party_id, team.reviewer)[0] == "Айжан Бекова"


# The same words.


def called(
    team: Team, label: str, *sources: int, by: Viewer | None = None, privacy: str = "protected"
) -> int:
    with team.work(by) as work:
        meant = parties_meant(work.session, work.actor, [label], set(sources))
        if meant.get(fold(label)):
            return meant[fold(label)][0].id
        return add_party(work, PartySaid("individual", label, privacy)).id or 0


def test_the_same_words_of_two_sources_are_two_people(team: Team) -> None:
    one, other = team.source(), team.source("Another paper, another man.")
    first = called(team, "detained man", one)
    involvement = InvolvementSaid(party=first, role="victim")
    team.recorded(team.record(source=one, involvements=(involvement,)))

    assert called(team, "Detained  man", one) == first
    assert called(team, "detained man", other) != first
    with team.reading() as session:
        assert session.exec(select(func.count()).select_from(Party)).one() == 2


def test_who_speaks_in_a_source_is_met_again_in_it(team: Team) -> None:
    source = team.source()
    first = called(team, "woman who came up", source)
    team.recorded(team.record(citations=(CitationSaid(source=source, speaker=first),)))

    assert called(team, "woman who came up", source) == first


def test_public_party_is_the_same_everywhere(team: Team) -> None:
    minister = called(team, "Kalmuhambet Kasymov", privacy="public")

    assert called(team, "kalmuhambet KASYMOV", team.source()) == minister


def test_party_of_a_sealed_incident_is_nobody_to_others(team: Team) -> None:
    source = team.source()
    hidden = called(team, "informant", source)
    involvement = InvolvementSaid(party=hidden, role="witness")
    team.sealed(team.recorded(team.record(source=source, involvements=(involvement,))))

    assert called(team, "informant", source, by=team.colleague) != hidden
    assert called(team, "informant", source) == hidden


def test_merged_party_stands_for_nobody_new(team: Team) -> None:
    source = team.source()
    old, new = called(team, "detained man"), called(team, "husband")
    for party in (old, new):
        involvement = InvolvementSaid(party=party, role="victim")
        team.recorded(team.record(source=source, involvements=(involvement,)))
    with team.work() as work:
        work.session.exec(update(Party).where(col(Party.id) == old).values(merged_into_id=new))

    again = team.recorded(
        team.record(source=source, involvements=(InvolvementSaid(party=old, role="victim"),))
    )

    assert team.stored(again).involvements[0].party == new


def test_parties_are_added_by_who_records(team: Team) -> None:
    for by in (team.reader, team.admin):
        with pytest.raises(NotAllowed):
            added(team, by=by)

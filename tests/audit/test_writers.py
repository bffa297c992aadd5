"""Entries stand in the order of their commits, however many write at once."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from incidents.audit.actions import HEAD_NOTE, log
from incidents.audit.models import AuditEntry
from incidents.audit.queries import head_note, problems, problems_of_note
from incidents.services import Services
from incidents.viewer import OPERATOR
from incidents.web import save
from tests.conftest import StandingClock

WRITERS, EACH = 4, 8


def written(services: Services) -> list[AuditEntry]:
    with services.database.reading() as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).all())


def entries(services: Services) -> list[tuple[int, int | None]]:
    return [(entry.sequence, entry.entity_id) for entry in written(services)]


def moments(services: Services) -> list[datetime]:
    return [entry.recorded_at for entry in written(services)]


def holds(services: Services) -> bool:
    with services.database.reading() as session:
        note = services.archive.read_note(HEAD_NOTE)
        return [*problems(session), *problems_of_note(session, note)] == []


def test_writers_at_once_leave_no_gap_and_no_fork(services: Services) -> None:
    failed: list[BaseException] = []
    begin = threading.Barrier(WRITERS)

    def write(number: int) -> None:
        begin.wait()
        try:
            for turn in range(EACH):
                with services.database.writing() as session:
                    work = services.work(session, OPERATOR)
                    log(work, "tested", "account", number * 100 + turn)
                    log(work, "tested", "account", number * 100 + turn)
                    save(services, session)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    found = entries(services)
    assert [sequence for sequence, _ in found] == list(range(1, WRITERS * EACH * 2 + 1))
    # Both entries of one transaction stand together, and each writer's in its own order.
    pairs = [(found[index][1], found[index + 1][1]) for index in range(0, len(found), 2)]
    assert all(one == other for one, other in pairs)
    for number in range(WRITERS):
        own = [one or 0 for one, _ in pairs if (one or 0) // 100 == number]
        assert own == sorted(own) and len(own) == EACH
    assert holds(services)
    with services.database.reading() as session:
        assert services.archive.read_note(HEAD_NOTE) == head_note(session)


def test_the_one_who_waits_comes_after_and_never_earlier_in_time(
    services: Services, clock: StandingClock
) -> None:
    """The second writer looked at its clock first, but commits last."""
    second_ended = threading.Event()
    with services.database.writing() as first:
        log(services.work(first, OPERATOR), "tested", "account", 1)

        def write() -> None:
            with services.database.writing() as second:
                work = services.work(second, OPERATOR)
                early = replace(work, now=clock.now - timedelta(hours=1))
                log(early, "tested", "account", 2)
                second.commit()
            second_ended.set()

        thread = threading.Thread(target=write)
        thread.start()
        assert not second_ended.wait(0.3), "the second writer did not wait for the first"
        first.commit()
    thread.join(30)
    assert entries(services) == [(1, 1), (2, 2)]
    times = moments(services)
    assert times == [clock.now, clock.now]
    assert holds(services)


def test_what_is_rolled_back_leaves_no_gap(services: Services) -> None:
    with services.database.writing() as session:
        log(services.work(session, OPERATOR), "tested", "account", 1)
        session.commit()
    with services.database.writing() as session:
        log(services.work(session, OPERATOR), "tested", "account", 2)
    with services.database.writing() as session:
        log(services.work(session, OPERATOR), "tested", "account", 3)
        session.commit()
    assert entries(services) == [(1, 1), (2, 3)]
    assert holds(services)


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_jumps_never_turns_the_log_back(
    services: Services, clock: StandingClock, hours: int
) -> None:
    for number in range(3):
        with services.database.writing() as session:
            log(services.work(session, OPERATOR), "tested", "account", number)
            session.commit()
        clock.move(hours=hours)
    times = moments(services)
    assert times == sorted(times) and len(times) == 3
    assert holds(services)

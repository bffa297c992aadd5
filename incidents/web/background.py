"""Jobs that go on after their request was answered: started, never silent when they fail, and
giving signs of life while they go on.

Owns the net under them, since no page catches what they raise. Refuses to know what they do.
"""

import secrets
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from incidents.services import Services

_log = structlog.get_logger(__name__)


def in_background(app: Services, name: str, job: Callable[[], None]) -> None:
    """Begin it. What it raises goes to the log without its message, which may hold an address or
    a text; the job itself says to people what has become of it."""

    def logged() -> None:
        try:
            job()
        except Exception as error:
            _say("background job failed", name, error)

    app.start(logged)


@contextmanager
def signs_of_life(name: str, every_s: float, sign: Callable[[], bool]) -> Iterator[None]:
    """While the block goes on, `sign` is called again and again from a thread of its own, until it
    gives False. A job that waits, or is deep in work, can't say itself that it is still there."""
    over = threading.Event()

    def signing() -> None:
        going = True
        while going and not over.wait(every_s):
            try:
                going = sign()
            except Exception as error:
                # A database that is busy: the next one may get through.
                _say("no sign of life", name, error)

    thread = threading.Thread(target=signing, name=f"{name}: signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _say(event: str, name: str, error: Exception) -> None:
    _log.error(
        event,
        number=secrets.token_hex(4),
        job=name,
        error=type(error).__name__,
        frames=[
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    )

"""The table of checks: a name, and a function that says what is so or raises what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import DBAPIError

from incidents.doctor import database, kept, program
from incidents.doctor.installation import Installation, Unseen
from incidents.errors import IncidentsError

Check = Callable[[Installation], str | None]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("Program", program.program),
    ("Settings", program.settings),
    ("Keys", program.keys),
    ("Proxies", program.proxies),
    ("Passwords", program.password_time),
    ("Database", database.database),
    ("Release", database.release),
    ("Writing", database.writable),
    ("Soundness", database.soundness),
    ("Rules", database.rules),
    ("Search", database.search),
    ("Vocabularies", database.vocabularies),
    ("Names", database.name_key),
    ("Sign-in", database.sign_in),
    ("Log", database.log),
    ("Clock", database.clock),
    ("Archive", kept.folder),
    ("Copies", kept.copies),
    ("Disk", kept.disk),
)


class Outcome(StrEnum):
    """As it is printed: a sign, and the word for who can’t see it."""

    WELL = "✓ well  "
    WRONG = "✗ wrong "
    UNSEEN = "– unseen"


@dataclass(frozen=True)
class Finding:
    """What one check came to, as one line."""

    name: str
    outcome: Outcome
    said: str

    def __str__(self) -> str:
        return f"{self.outcome} {self.name}: {self.said}"


def examine(of: Installation) -> Iterator[Finding]:
    """Every check in order, as it is made; one that does not apply here is left out."""
    for name, check in CHECKS:
        try:
            said = check(of)
        except Unseen as reason:
            yield Finding(name, Outcome.UNSEEN, f"not looked at, for {reason.message}.")
        except IncidentsError as error:
            yield Finding(name, Outcome.WRONG, f"{error.message.removesuffix('.')}.")
        except (DBAPIError, OSError, ValueError) as error:
            yield Finding(name, Outcome.WRONG, _unforeseen(error))
        else:
            if said is not None:
                yield Finding(name, Outcome.WELL, said)


def _unforeseen(error: Exception) -> str:
    """In the words of whoever refused: a disk, an engine, a row nobody can read."""
    told = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    return f"{told[0] if told else type(error).__name__}: mend that, and ask again."

"""Owns the ways in which an action says no; each carries one sentence for the person who asked.
Refuses to know what a page, a command or a file makes of it."""

from collections.abc import Iterable, Mapping


class IncidentsError(Exception):
    """What a person did can't be done; `message` is one sentence that says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class FieldErrors(IncidentsError):
    """Input that can't be taken: field path → what is wrong with it, in the order found.

    Collect with `add` and raise if it is true: it is false while it holds nothing.
    """

    def __init__(self, errors: Mapping[str, str | Iterable[str]] | None = None) -> None:
        super().__init__("")
        self.errors: dict[str, list[str]] = {}
        for path, messages in (errors or {}).items():
            for message in [messages] if isinstance(messages, str) else messages:
                self.add(path, message)

    def add(self, path: str, message: str) -> None:
        self.errors.setdefault(path, []).append(message)
        self.message = "; ".join(
            f"{path}: {message}" for path, messages in self.errors.items() for message in messages
        )
        self.args = (self.message,)

    def __bool__(self) -> bool:
        return bool(self.errors)


class NotFound(IncidentsError):
    """There is no such thing, or its existence is not this viewer's to know."""


class NotAllowed(IncidentsError):
    """The viewer may know of the thing, but not do this with it."""


class Stale(IncidentsError):
    """Somebody saved in between; `current_version` is what is stored now."""

    def __init__(self, message: str, *, current_version: int) -> None:
        super().__init__(message)
        self.current_version = current_version


class WrongState(IncidentsError):
    """The thing's status does not let this happen now."""

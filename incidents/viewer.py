"""Who is asking. Every query takes one; what it may see is decided in `incident.rights`."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    READER = "reader"
    RESEARCHER = "researcher"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True)
class Viewer:
    """An account with its roles, or the operator: a command's own eye, which never sees what is
    sealed.
    """

    account_id: int | None
    name: str
    roles: frozenset[Role]
    operator: bool = False
    protected_grant: bool = False
    # How this person writes 04.05.2012; None = not asked yet.
    day_first: bool | None = None
    # Keys on pages; one who speaks to the machine, or whose hands tremble, may want none.
    shortcuts: bool = True
    # The columns of their own listing, as an address says them; "" = the usual ones.
    columns: str = ""

    @property
    def internal(self) -> bool:
        """Sees drafts, notes and protected words; everyone else gets the redacted view."""
        return self.operator or bool(self.roles & {Role.RESEARCHER, Role.REVIEWER})

    @property
    def may_record(self) -> bool:
        return self.internal

    @property
    def may_review(self) -> bool:
        return Role.REVIEWER in self.roles

    @property
    def may_administer(self) -> bool:
        return self.operator or Role.ADMIN in self.roles

    def publicly(self) -> "Viewer":
        """The same person looking through the public profile: redacted, sealed to nobody's name."""
        return replace(
            self,
            account_id=None,
            roles=frozenset({Role.READER}),
            operator=False,
            protected_grant=False,
        )


OPERATOR = Viewer(None, "operator", frozenset(), operator=True)

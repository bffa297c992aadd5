"""A researcher at the incident form: opens it, fills it, sends it, reads what comes back."""

import re
from typing import Any

from sqlalchemy import func
from sqlmodel import select

from tests.team import Team
from tests.web.filled import FilledForm, form_of

MARKER = "citations-0-source"


class Desk:
    """The author's browser over a source with text."""

    def __init__(self, team: Team, browser: Any) -> None:
        self.team, self.browser = team, browser
        self.source = team.source_row().reference
        team.place("Janaozen")

    def new(self, kind: str = "detention") -> FilledForm:
        response = self.browser.get(self.address(kind))
        assert response.status_code == 200
        return form_of(response.get_data(as_text=True), MARKER)

    def address(self, kind: str = "detention") -> str:
        return f"/incidents/new?source={self.source}&type={kind}"

    def send(self, form: FilledForm, address: str = "", **pressed: str) -> Any:
        return self.browser.client.post(
            address or self.address(), data=form.data(**(pressed or {"then": "save"}))
        )

    def saved(self, form: FilledForm, address: str = "", then: str = "save") -> str:
        """The reference of what was saved."""
        response = self.send(form, address, then=then)
        assert response.status_code == 303, errors(response)
        found = re.search(r"INC-\d{4}-\d{5}", response.location)
        assert found
        return found[0]

    def edit(self, reference: str) -> FilledForm:
        response = self.browser.get(f"/incidents/{reference}/edit")
        assert response.status_code == 200
        return form_of(response.get_data(as_text=True), MARKER)


def errors(response: Any) -> dict[str, str]:
    return form_of(response.get_data(as_text=True), MARKER).errors


def again(response: Any) -> FilledForm:
    return form_of(response.get_data(as_text=True), MARKER)


def count(team: Team, model: type[Any]) -> int:
    with team.reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()

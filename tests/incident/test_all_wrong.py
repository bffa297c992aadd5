"""A form with every field wrong: every error beside its field, every value kept, and no statement
more for thirty rows than for one."""

import pytest
from werkzeug.datastructures import MultiDict

from incidents.incident.types import TYPES
from tests.factories import selects
from tests.incident.desk import Desk, again, errors
from tests.web.filled import FilledForm

LONG = "x" * 20_001
WRONG = {
    "citations-0-source": "SRC-1999-00001",
    "date": "31.04.2012",
    "place": LONG,
    "figures-0-how_many": "a lot of men",
    "relations-0-to": "INC-1999-00001",
    "relations-0-type": "no such type",
}
LISTS = ("citations", "figures", "involvements", "relations")


def typed_in(form: FilledForm) -> set[str]:
    """The fields a person fills: no tokens, no ids a script sets, no boxes."""
    names = {name for name in form.names() if not name.endswith(("_id", "-untouched", "-at"))}
    boxes = {name for name, values in form.offered.items() if set(values) <= {"y", "on"}}
    ticked = {name for name, value in form.fields if value == "y"}
    hidden = {"csrf_token", "form_token", "version", "reading"}
    return {name for name in names - boxes - ticked - hidden if not name.startswith("kept")}


def all_wrong(form: FilledForm) -> FilledForm:
    for name in typed_in(form):
        wrong = WRONG.get(name, "no such choice" if name in form.choices else LONG)
        form.fill(**{name.replace("-", "__"): wrong})
    return form


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_wrong_has_its_error_beside_it_and_keeps_its_value(
    desk: Desk, kind: str
) -> None:
    form = all_wrong(desk.new(kind))
    wrong = typed_in(form)

    response = desk.send(form, desk.address(kind), then="submit")

    assert response.status_code == 422
    shown = again(response)
    assert {name for name in wrong if name not in shown.errors} == set()
    texts = {name for name in wrong if name not in form.choices and name not in form.offered}
    assert {name for name in texts if shown[name] != form[name]} == set()


def _with_rows(form: FilledForm, many: int) -> MultiDict[str, str]:
    data = form.data(then="submit")
    for name, value in list(data.items(multi=True)):
        part, _, rest = name.partition("-0-")
        if part in LISTS:
            for index in range(1, many):
                data.add(f"{part}-{index}-{rest}", value)
    return data


@pytest.mark.parametrize("wrong", ["every", "words"])
def test_statements_do_not_grow_with_rows(desk: Desk, wrong: str) -> None:
    """With every field wrong, and with rows that must each be looked up."""
    form = desk.new()
    if wrong == "every":
        form = all_wrong(form)
    else:
        form.fill(
            citations__0__quote="words that stand nowhere in it",
            citations__0__speaker="a woman",
            figures__0__how_many="5",
            figures__0__in_totals=None,
            involvements__0__party="a man",
            involvements__0__relationship="spouse_of",
            involvements__0__relationship_to="another",
            relations__0__to="INC-1999-00001",
            place="Janaozen",
        )
    counted = []
    for many in (1, 30):
        with selects(desk.team.services.database) as statements:
            response = desk.browser.client.post(desk.address(), data=_with_rows(form, many))
        assert response.status_code == 422
        assert errors(response)
        counted.append(len(statements))
    assert counted[0] == counted[1]

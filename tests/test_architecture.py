"""The package keeps the rule of docs/architecture.md, and the checker sees whatever breaks it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.architecture import Rules, is_ordered, problems

REPOSITORY = Path(__file__).parent.parent
PAGE = (REPOSITORY / "docs" / "architecture.md").read_text()
RULES = Rules.from_page(PAGE)
# Of the fake packages below.
SMALL = Rules(RULES.kinds, RULES.features, frozenset({"db", "clock"}))
SOUND = {
    "__init__.py": "",
    "db.py": "from sqlmodel import Session\n",
    "clock.py": "from incidents.db import metadata\n",
    "app.py": "from incidents.desk.routes import bp\n",
    "cli.py": "from incidents.app import create_app\nfrom waitress.server import create_server\n",
    "tables.py": "from incidents.source import models as source\n",
    "web/__init__.py": "from incidents.web.request import session\n",
    "web/request.py": "import flask\nflask.session.get('x')\n",
    "demo/imports.py": "from sqlmodel import select\n",
    "migrations/env.py": "from incidents.tables import metadata\n",
    "migrations/versions/0001_a.py": "from incidents.db import Instant\n",
    "account/__init__.py": "",
    "account/models.py": "__tablename__ = 'account'\n",
    "account/routes/__init__.py": "from incidents.account.routes import own\n",
    "account/routes/own.py": "from incidents.account.routes.blueprint import bp\n",
    "account/routes/blueprint.py": "from flask import Blueprint\n",
    "source/models.py": "from sqlmodel import Field\n__tablename__ = 'source'\n"
    "a = Field(foreign_key='account.id')\n",
    "source/queries/__init__.py": "from incidents.source.queries.room import text\n",
    "source/queries/room.py": "from incidents.incident.rights import visible\n",
    "incident/models.py": "__tablename__ = 'incident'\n",
    "incident/rights.py": "from sqlmodel import select\nselect(1)\n",
    "incident/queries.py": "from incidents.source.queries import text\n",
    "desk/routes.py": "from incidents.incident.queries import page\n",
}


def found(folder: Path, changed: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Problems of the sound package with some files changed or added."""
    files = SOUND | {f"{name}.py": text for name, text in changed.items()}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return problems(folder, SMALL)


def test_package_keeps_the_rule() -> None:
    assert problems(REPOSITORY / "incidents", RULES) == []


def test_page_says_the_order() -> None:
    assert is_ordered(RULES.kinds) and is_ordered(RULES.features)
    assert RULES.kinds["types"] == RULES.kinds["states"] < RULES.kinds["models"]
    assert RULES.features["audit"] < RULES.features["desk"]
    assert {"db", "errors", "viewer"} <= RULES.infrastructure


def test_a_sound_package_has_no_problems(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("incident/models", "from incidents.incident.queries import x", "may not import"),
        ("source/queries/room", "from incidents.incident.queries import x", "may not import"),
        ("db", "from incidents.account.models import x", "may not import"),
        ("incident/queries", "def f():\n    import incidents.desk.routes", "may not import"),
        ("account/models", "from ..source import models", "may not import"),
        ("desk/routes", "from incidents import tables", "may not import"),
        ("web/request", "from incidents.app import create_app", "may not import"),
        ("tables", "from incidents.source.queries import text", "may not import"),
        ("migrations/versions/0001_a", "from incidents import clock", "may not import"),
        ("migrations/versions/0001_a", "from incidents import tables", "may not import"),
        ("migrations/versions/0001_a", "import pydantic", "a migration may not import"),
        ("incident/queries", "import importlib\nimportlib.import_module('x')", "no test can read"),
        ("incident/queries", "from flask import g", "may not import flask"),
        ("incident/queries", "from flask_login import current_user", "may not import flask_login"),
        ("incident/models", "import wtforms", "may not import wtforms"),
        ("web/request", "import waitress", "only cli starts"),
        ("desk/routes", "import httpx", "may not open sockets"),
        ("clock", "from urllib import request", "may not open sockets"),
        ("incident/queries", "from http.client import HTTPConnection", "may not open sockets"),
        ("desk/routes", "from sqlmodel import select\nselect(1)", "only queries and actions"),
        ("desk/routes", "from sqlalchemy import select as s\ns(1)", "only queries and actions"),
        ("desk/routes", "def f(work): work.session.get(1, 2)", "session.get"),
        ("desk/routes", "def f(session): session().exec(1)", "session.exec"),
        ("incident/rights", "def f(session): session.exec(1)", "session.exec"),
        ("incident/rights", "from sqlmodel import Session", "without a session"),
        ("incident/actions", "def f(session): session.commit()", "commits"),
        ("incident/queries", "try:\n    1\nexcept Exception:\n    pass", "a broad except"),
        ("incident/queries", "try:\n    1\nexcept:\n    pass", "a broad except"),
        ("incident/queries", "try:\n    1\nexcept (ValueError, BaseException):\n    2", "broad"),
        ("incident/models", "from __future__ import annotations", "no __future__"),
        ("account/models", "ForeignKey('incident.id')", "points upwards"),
        ("source/models", "Field(foreign_key='incident.id')", "points upwards"),
        ("source/models", "Field(foreign_key=Account.id)", "is a string"),
        ("source/models", "Field(foreign_key='acount.id')", "to no table"),
        ("source/models", "Relationship()", "a relationship"),
        ("account/common", "", "named common"),
        ("incident/helpers", "", "named helpers"),
        ("web/util", "", "named util"),
        ("incident/queries", "#\n" * 501, "has 501 lines"),
        ("incident/queries", "def f():\n" + "    1\n" * 40, "f has 41 lines"),
        ("incident/queries", "class A:\n  async def g():\n" + "    1\n" * 40, "g has 41 lines"),
        ("surprise", "", "neither infrastructure"),
        ("account/__init__", "from incidents.db import x", "must be empty"),
        ("demo/queries", "", "of kind imports"),
        ("finance/queries", "", "finance is no feature"),
        ("account/misc", "", "named misc"),
        ("account/plans", "from incidents.db import x", "may not import"),
    ],
)
def test_what_breaks_the_rule_is_told(tmp_path: Path, file: str, text: str, told: str) -> None:
    assert any(told in problem for problem in found(tmp_path, {file: text}))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("incident/queries", '"""D."""\ndef f():\n    """a\n    b"""\n' + "    1\n" * 39),
        ("incident/queries", "try:\n    1\nexcept BaseException:\n    2\n    raise"),
        ("web/request", "try:\n    1\nexcept Exception:\n    pass"),
        ("incident/queries", "import incidents.db\nfrom http import HTTPStatus"),
        (
            "incident/actions",
            "from sqlmodel import select\ndef f(session): session.exec(select())",
        ),
        ("incident/exports/log", "def f(work):\n    work.session.exec(1)\n    work.commit()"),
        ("account/routes/own", "from incidents.account.routes import blueprint"),
        ("migrations/versions/0001_a", "#\n" * 900),
        ("archive", "import socket"),
    ],
)
def test_what_keeps_the_rule_passes(tmp_path: Path, file: str, text: str) -> None:
    assert [one for one in found(tmp_path, {file: text}) if "neither" not in one] == []


def test_a_cycle_is_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        {
            "incident/filters/one": "def f():\n    from incidents.incident.filters import two",
            "incident/filters/two": "from incidents.incident.filters.one import f",
        },
    )
    assert len(told) == 1 and told[0].startswith("a cycle of imports")


def test_a_cycle_through_a_folder_is_told(tmp_path: Path) -> None:
    told = found(
        tmp_path,
        {
            "incident/filters/__init__": "from incidents.incident.filters.one import f",
            "incident/filters/one": "from incidents.incident.filters import f",
        },
    )
    assert any(problem.startswith("a cycle") for problem in told)


def test_infrastructure_listed_but_gone_is_told(tmp_path: Path) -> None:
    rules = Rules(RULES.kinds, RULES.features, SMALL.infrastructure | {"gone"})
    found(tmp_path)
    assert "gone.py is listed and not there" in problems(tmp_path, rules)

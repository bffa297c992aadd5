"""The wheel: what an installation is made of, built as `make wheel` does, served far from here."""

import ast
import json
import re
import shutil
import signal
import site
import subprocess
import sys
import tomllib
import urllib.request
import venv
from collections.abc import Iterator
from http.cookiejar import CookieJar
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from incidents.built import not_built
from tests.documents import REPOSITORY
from tests.postgres import lacking

PACKAGE = REPOSITORY / "incidents"
SERVE = "from incidents.cli import main; main()"


def pip(*words: str) -> subprocess.CompletedProcess[str]:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    command = [sys.executable, "-m", "pip", words[0], *quiet, *words[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def wheel_of(repository: Path, into: Path) -> subprocess.CompletedProcess[str]:
    return pip("wheel", "--no-build-isolation", "--wheel-dir", str(into), str(repository))


def test_wheel_without_what_is_built_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("pyproject.toml", "README.md", "LICENSE", "assets/wheel.py", "incidents/built.py"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, copy / name)
    (copy / "incidents" / "__init__.py").touch()
    (copy / "incidents" / "templates").mkdir()
    page = "<script src=\"{{ url_for('static', filename='built/a.js') }}\"></script>"
    (copy / "incidents" / "templates" / "base.html").write_text(page)
    made = wheel_of(copy, tmp_path / "dist")
    assert made.returncode != 0
    assert "not built: gazetteer.sqlite, static/built/a.js; run make assets" in made.stderr
    assert not list(tmp_path.glob("dist/*.whl"))


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The Python of an environment that has the wheel, and this one's libraries behind it."""
    missing = not_built(PACKAGE)
    if missing:
        lacking(f"The wheel needs {missing[0]}: run make assets.")
    made = wheel_of(REPOSITORY, tmp_path / "dist")
    assert made.returncode == 0, made.stderr
    venv.create(tmp_path / "elsewhere", symlinks=True)
    python = tmp_path / "elsewhere" / "bin" / "python"
    [wheel] = (tmp_path / "dist").glob("incidents-*.whl")
    packages = next((tmp_path / "elsewhere" / "lib").glob("python3*/site-packages"))
    # A path of its own, not site-packages: the editable install's .pth file is not read there.
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()))
    installing = pip("install", "--target", str(packages), str(wheel))
    assert installing.returncode == 0, installing.stderr
    return python


class Visitor:
    """A browser without a browser: keeps cookies, sends forms with their token."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def get(self, address: str, form: str | None = None) -> str:
        with self._opener.open(address, data=form and form.encode(), timeout=20) as answer:
            assert answer.status == 200
            return str(answer.read().decode())


def test_installed_wheel_serves_the_demo_without_the_repository(
    installed: Path, free_port: int, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    where = [str(installed), "-I", "-c", "import incidents; print(incidents.__file__)"]
    found = subprocess.run(where, cwd=empty, capture_output=True, text=True, check=True).stdout
    assert found.startswith(str(tmp_path)), found
    command = [str(installed), "-I", "-c", SERVE, "serve", "--demo", "--port", str(free_port)]
    with subprocess.Popen(
        command,
        cwd=empty,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as served:
        try:
            assert served.stdout is not None
            lines = [served.stdout.readline() for _ in range(4)]
            look_around(f"http://127.0.0.1:{free_port}", lines[1].split()[-1])
        finally:
            served.send_signal(signal.SIGINT)
            served.communicate(timeout=20)


def look_around(address: str, link: str) -> None:
    visitor = Visitor()
    page = visitor.get(link)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token, page
    visitor.get(link, f"csrf_token={token[1]}")
    assert "INC-" in visitor.get(f"{address}/incidents")
    page = visitor.get(f"{address}/places/new")
    for kind in ("css", "js"):
        found = re.findall(rf'(?:href|src)="(/static/[^"]+\.{kind}\?v=[^"]+)"', page)
        assert found, kind
        assert all(len(visitor.get(address + one)) > 1000 for one in found)
    assert "<symbol" in visitor.get(f"{address}/static/icons.svg")
    # The demo's own place, and one that only the gazetteer knows.
    for name in ("Janaozen", "Aktau"):
        offered = visitor.get(f"{address}/places/suggest?q={name}&country=KZ")
        assert json.loads(offered)[0]["label"].startswith(name)


def test_every_library_that_is_imported_is_declared() -> None:
    """The wheel's environment here has all of the tests' libraries: an undeclared one would do."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {_normal(re.split(r"[\[<>=~! ;]", one)[0]) for one in project["dependencies"]}
    given_by = packages_distributions()
    undeclared = {
        name
        for file in (REPOSITORY / "incidents").rglob("*.py")
        for name in _imported(file)
        if name not in sys.stdlib_module_names | {"incidents", "_typeshed"}
        and not {_normal(one) for one in given_by.get(name, ())} & declared
    }
    assert undeclared == set()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]

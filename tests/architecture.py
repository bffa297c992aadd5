"""The rule of dependency of docs/architecture.md: from a package's files to sentences.

Owns how a module's kind and feature are read off its place. The order of kinds and features and the
names of the infrastructure stand in the page alone, and are read from there.
"""

import ast
import graphlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = "incidents"
FILE_LINES, FUNCTION_LINES = 500, 40
SOCKETS = frozenset(
    {"socket", "ssl", "asyncio", "smtplib", "ftplib", "httpx", "requests", "urllib3", "aiohttp"}
    | {"http.client", "http.server", "urllib.request", "xmlrpc.client", "httpcore", "h11"}
)
SOCKET_MODULES = frozenset({"fetch", "archive"})
# Folders that are a kind of their own and belong to no feature.
FOLDERS = frozenset({"web", "migrations", "doctor"})
WEB_LIBRARIES = re.compile(r"flask(_\w+)?|werkzeug|wtforms")
WEB_KINDS = frozenset({"forms", "web", "routes", "app", "cli"})
ASKING_KINDS = frozenset({"queries", "actions"})
EXPRESSION_KINDS = frozenset({"filters", "rights"})
COMMITTING_KINDS = frozenset({"routes", "web", "cli", "imports"})
# Written down before its first byte and after its last, the request's session being gone by then.
EXPORT_LOG = f"{ROOT}.incident.exports.log"
NO_NAMES = frozenset(
    {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
)
BROAD = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True)
class Rules:
    """What the page lays down; `lowest` first."""

    kinds: Mapping[str, int]
    features: Mapping[str, int]
    infrastructure: frozenset[str]

    @classmethod
    def from_page(cls, page: str) -> "Rules":
        kinds, features = (_order(page, name) for name in ("Kinds", "Features"))
        _, _, section = page.partition("\n## Infrastructure\n")
        table = section.partition("\n## ")[0]
        names = frozenset(re.findall(r"^\| `(\w+)\.py` \|", table, re.MULTILINE))
        return cls(kinds, features, names)


def _order(page: str, name: str) -> Mapping[str, int]:
    found = re.search(rf"^{name}: (.+)\.$", page, re.MULTILINE)
    assert found, f"the page has no line “{name}: a < b < c.”"
    steps = found[1].split(" < ")
    return {word: rank for rank, step in enumerate(steps) for word in step.split(", ")}


@dataclass(frozen=True)
class Module:
    """One file. `kind` is None for a folder's empty `__init__`; `feature` only a feature has."""

    name: str
    path: Path
    tree: ast.Module
    lines: int
    kind: str | None
    feature: str | None

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def folder(self) -> str:
        """The kind-folder it stands in, or itself."""
        parts = self.name.split(".")
        return ".".join(parts[: 3 if self.feature else 2])

    def at(self, node: ast.AST, message: str) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)} {message}"


Tree = Mapping[str, Module]


def problems(package: Path, rules: Rules) -> list[str]:
    """One sentence per place that breaks a rule; nothing when all hold."""
    tree = {module.name: module for module in _modules(package, rules)}
    known = rules.infrastructure | {"__init__", "app", "cli", "tables"}
    found = [f"{name}.py is listed and not there" for name in _missing(package, rules)]
    found += [
        f"{module.name} is neither infrastructure of the page nor in a folder"
        for module in tree.values()
        if module.path.parent == package and module.stem not in known
    ]
    for check in (*EACH,):
        found += [problem for module in tree.values() for problem in check(module)]
    found += [problem for module in tree.values() for problem in _imports(module, tree, rules)]
    found += _foreign_keys(tree, rules)
    return found + _cycles(tree)


def _missing(package: Path, rules: Rules) -> list[str]:
    there = {path.stem for path in package.glob("*.py")}
    return sorted(rules.infrastructure - there)


def _modules(package: Path, rules: Rules) -> Iterator[Module]:
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        kind, feature = _place(parts, rules)
        text = path.read_text()
        dotted = ".".join((ROOT, *(part for part in parts if part != "__init__")))
        yield Module(dotted, path, ast.parse(text), text.count("\n"), kind, feature)


def _place(parts: tuple[str, ...], rules: Rules) -> tuple[str | None, str | None]:
    """Kind and feature. An unknown place is its own kind, which nothing allows."""
    first, rest = parts[0], parts[1:]
    if not rest:
        kind = "infrastructure" if first in rules.infrastructure else first
        return (None if first == "__init__" else kind), None
    if first in FOLDERS:
        return first, None
    if rest[0] == "__init__":
        return None, None
    return rest[0], first if first in rules.features else None


# --- What is imported -------------------------------------------------------------------------


def _imported(module: Module) -> Iterator[tuple[ast.stmt, str, str | None]]:
    """Every import wherever it stands, as module and name (None: the module itself)."""
    package = module.name.split(".")
    if module.stem != "__init__":
        package = package[:-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node, base, alias.name) for alias in node.names)


def _own(module: Module, tree: Tree) -> Iterator[tuple[ast.stmt, Module]]:
    """The modules of this package that it imports."""
    for node, base, name in _imported(module):
        for dotted in (f"{base}.{name}", base):
            if dotted in tree:
                yield node, tree[dotted]
                break


def _foreign(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """What it imports from elsewhere: `http` and `http.client` for `from http import client`."""
    for node, base, name in _imported(module):
        if base.split(".")[0] != ROOT:
            yield node, base
            if name:
                yield node, f"{base}.{name}"


def _imports(module: Module, tree: Tree, rules: Rules) -> Iterator[str]:
    for node, target in _own(module, tree):
        if target is not module and not _allowed(module, target, rules):
            yield module.at(node, f"may not import {target.name}")


def _allowed(module: Module, target: Module, rules: Rules) -> bool:
    if module.kind == "migrations":
        # A migration is not changed by what the models become.
        return target.stem == "db" or (target.stem, module.stem) == ("tables", "env")
    if module.name == f"{ROOT}.tables":
        return target.kind == "models" or target.name == f"{ROOT}.db"
    own, other = (rules.kinds.get(one.kind or "", None) for one in (module, target))
    if own is None or other is None:
        return False
    if target.kind == "infrastructure" or other < own:
        return True
    if target.folder == module.folder and module.kind == target.kind:
        return True
    lower = rules.features.get(target.feature or "", 99) < rules.features.get(
        module.feature or "", 0
    )
    return module.kind == target.kind and lower


def _cycles(tree: Tree) -> list[str]:
    """Importing a module runs the `__init__` above it too, unless one stands below that oneself."""
    graph: dict[str, set[str]] = {}
    for module in tree.values():
        named = {target.name for _, target in _own(module, tree)}
        above = {folder for name in named for folder in _folders(name)}
        graph[module.name] = named | (above - set(_folders(module.name)) - {module.name})
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [f"a cycle of imports: {' ← '.join(error.args[1])}"]
    return []


def _folders(name: str) -> list[str]:
    """`incidents.a` and `incidents.a.b` of `incidents.a.b.c`."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(2, len(parts))]


# --- What one module may do -------------------------------------------------------------------


def _place_is_known(module: Module) -> Iterator[str]:
    bare = [node for node in module.tree.body if not isinstance(node, ast.Expr)]
    if module.kind is None and bare:
        yield module.at(bare[0], "is a folder's __init__ and must be empty")
    parts = module.name.split(".")
    if module.kind == "infrastructure" or len(parts) < 3 or parts[1] in FOLDERS:
        return
    if parts[1] == "demo" and module.kind not in {None, "imports"}:
        yield module.at(module.tree, "the demo is of kind imports")
    elif module.feature is None and parts[1] != "demo":
        yield module.at(module.tree, f"{parts[1]} is no feature of the page")


def _web_libraries(module: Module) -> Iterator[str]:
    for node, name in _foreign(module):
        if WEB_LIBRARIES.fullmatch(name) and module.kind not in WEB_KINDS:
            yield module.at(node, f"may not import {name}: only {', '.join(sorted(WEB_KINDS))} may")
        if name.split(".")[0] == "waitress" and module.kind != "cli":
            yield module.at(node, "only cli starts the server")


def _sockets(module: Module) -> Iterator[str]:
    for node, name in _foreign(module):
        if name in SOCKETS and module.name.removeprefix(f"{ROOT}.") not in SOCKET_MODULES:
            yield module.at(node, f"may not open sockets ({name}): only fetch and archive do")


def _hidden_imports(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _last(node.func) in {"import_module", "__import__"}:
            yield module.at(node, "imports by a name no test can read")


def _migration_imports(module: Module) -> Iterator[str]:
    if module.kind != "migrations":
        return
    allowed = sys.stdlib_module_names | {"sqlalchemy", "alembic"}
    for node, name in _foreign(module):
        if name.split(".")[0] not in allowed:
            yield module.at(node, f"a migration may not import {name}")


def _asks_the_database(module: Module) -> Iterator[str]:
    """Infrastructure and migrations know no table; what they execute is the engine's own."""
    if module.kind in ASKING_KINDS | {"imports", "infrastructure", "migrations"}:
        return
    selects = {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in {"sqlmodel", "sqlalchemy"}
        for alias in node.names
        if alias.name == "select"
    }
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = _last(node.func)
        if name == "select" or name in selects:
            if module.kind not in EXPRESSION_KINDS:
                yield module.at(node, "selects: only queries and actions ask the database")
        elif _is_on_session(node.func) and module.name != EXPORT_LOG:
            yield module.at(node, f"session.{name}: only queries and actions ask the database")
    if module.kind in EXPRESSION_KINDS:
        for node, base, name in _imported(module):
            if name == "Session":
                yield module.at(node, f"{module.kind} are expressions, without a session ({base})")


def _is_on_session(function: ast.expr) -> bool:
    """`session.get`, `work.session.exec`, `session().scalars` … – but not Flask's own cookie."""
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr not in {"get", "exec", "execute", "scalar", "scalars", "query"}:
        return False
    holder = function.value.func if isinstance(function.value, ast.Call) else function.value
    if isinstance(holder, ast.Attribute) and _last(holder.value) == "flask":
        return False
    return (_last(holder) or "").endswith("session")


def _commits(module: Module) -> Iterator[str]:
    if module.kind in COMMITTING_KINDS | {"migrations"} or module.name == EXPORT_LOG:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _last(node.func) == "commit":
            yield module.at(node, "commits: only routes, web, cli, imports and the export log do")


def _broad_excepts(module: Module) -> Iterator[str]:
    """A handler that ends in a bare `raise` tidies up and hides nothing."""
    if module.kind in {"web", "cli"}:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        last = node.body[-1]
        if any(one is None or _last(one) in BROAD for one in caught) and not (
            isinstance(last, ast.Raise) and last.exc is None
        ):
            yield module.at(node, "a broad except: only web and cli may")


def _postponed_annotations(module: Module) -> Iterator[str]:
    if module.kind == "models":
        for node, base, name in _imported(module):
            if (base, name) == ("__future__", "annotations"):
                yield module.at(node, "SQLModel reads annotations: no __future__ in models")


def _names(module: Module) -> Iterator[str]:
    for part in NO_NAMES.intersection(module.name.split(".")):
        yield f"{module.name} is named {part}, which says nothing"


def _budgets(module: Module) -> Iterator[str]:
    if module.kind == "migrations":
        return
    if module.lines > FILE_LINES:
        yield f"{module.name} has {module.lines} lines, over {FILE_LINES}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = _lines_of(node)
            if lines > FUNCTION_LINES:
                yield module.at(node, f"{node.name} has {lines} lines, over {FUNCTION_LINES}")


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to its end, the docstring left out."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


# --- What one row points to -------------------------------------------------------------------


def _foreign_keys(tree: Tree, rules: Rules) -> Iterator[str]:
    models = [module for module in tree.values() if module.kind == "models"]
    owners = {table: module.feature for module in models for table in _tables(module)}

    def rank(feature: str | None) -> int:
        return rules.features.get(feature or "", -1)

    for module in models:
        for node, key in _keys(module):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                yield module.at(node, "a foreign key is a string, “table.column”")
                continue
            table = key.value.partition(".")[0]
            if table not in owners:
                yield module.at(node, f"a foreign key to no table: {key.value}")
            elif rank(owners[table]) > rank(module.feature):
                yield module.at(node, f"a foreign key points upwards: {key.value}")
        for call in ast.walk(module.tree):
            if isinstance(call, ast.Call) and _last(call.func) == "Relationship":
                yield module.at(call, "a relationship: children are loaded by queries, per batch")


def _tables(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign) and _last(node.targets[0]) == "__tablename__":
            yield ast.literal_eval(node.value)


def _keys(module: Module) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            if _last(node.func) == "ForeignKey" and node.args:
                yield node, node.args[0]
            yield from ((node, word.value) for word in node.keywords if word.arg == "foreign_key")


def _last(node: ast.expr | None) -> str | None:
    """`d` of `a.b.d` or of `d`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


EACH: tuple[Callable[[Module], Iterator[str]], ...] = (
    _place_is_known,
    _web_libraries,
    _sockets,
    _hidden_imports,
    _migration_imports,
    _asks_the_database,
    _commits,
    _broad_excepts,
    _postponed_annotations,
    _names,
    _budgets,
)


def is_ordered(order: Mapping[str, int]) -> bool:
    """Whether an order read off the page has more than one step, each above the last."""
    ranks = sorted(set(order.values()))
    return len(ranks) > 1 and all(low < high for low, high in pairwise(ranks))

"""The pages say what the program does: what is documented is there, what is there is documented."""

import dataclasses
import re
import tomllib
from collections.abc import Iterator

import click
import pytest
from flask import Flask

from incidents import cli
from incidents.config import DEFAULT_ARCHIVE, DEFAULT_DATABASE, Settings
from incidents.incident.columns import TABLES, Audience, ColumnSet
from incidents.incident.exports.options import PARAMETERS as EXPORT_PARAMETERS
from incidents.incident.filters import LISTING, PARAMETERS
from incidents.incident.states import STATUSES
from incidents.incident.types import TYPES, Kind, every_detail
from incidents.source.filters import SourceFilter
from incidents.vocabulary.types import vocabularies
from tests.documents import (
    REPOSITORY,
    Command,
    codes,
    commands,
    described_types,
    expanded,
    groups,
    links,
    page,
    rows,
    section,
)

CONTRACT, DOMAIN, EXPORTS = (page(f"docs/{name}.md") for name in ("contract", "domain", "exports"))
# Shapes of a detail's parts, not vocabularies.
SHAPES = (
    frozenset({"text"}),
    frozenset({"stance", "text"}),
    frozenset({"item", "amount", "currency", "per"}),
)
EVERYWHERE = {"--config", "--help"}


def test_every_setting_has_its_default_in_the_example() -> None:
    text = page("config.example.toml")
    given = tomllib.loads(text)
    commented = set(re.findall(r"^# (\w+) = ", text, re.MULTILINE))
    assert set(given) | commented == set(Settings.model_fields)
    assert not set(given) & commented
    required = {"database_url": DEFAULT_DATABASE, "archive": DEFAULT_ARCHIVE}
    for name, value in given.items():
        default = Settings.model_fields[name].get_default()
        assert value == required.get(name, [*default] if isinstance(default, tuple) else default)


def test_settings_the_contract_names_exist() -> None:
    names = {name.lower() for name in re.findall(r"`INCIDENTS_(\w+)`", CONTRACT)}
    assert names - {"config"} <= set(Settings.model_fields)
    assert {"database_url", "archive", "secret_key", "name_key", "fetch_allow"} <= names


def test_commands_are_the_contract_s() -> None:
    built = dict(_commands(cli.main, ()))
    assert commands(section(CONTRACT, "Commands", "Built")) == built
    planned = commands(section(CONTRACT, "Commands", "Planned"))
    assert not set(planned) & set(built), "built: move it up"


def _commands(group: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from _commands(command, (*path, name))
        return
    options = {name for one in group.params if isinstance(one, click.Option) for name in one.opts}
    assert "--config" in options, f"{path} takes no --config"
    arguments = [one for one in group.params if isinstance(one, click.Argument)]
    names = tuple((one.metavar or one.human_readable_name).upper() for one in arguments)
    assert group.help, f"{path} does not say what it does"
    yield " ".join(path), Command(frozenset(options - EVERYWHERE), names)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_addresses_are_the_contract_s(app: Flask) -> None:
    built: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            address = re.sub(r"<any\(([^)]*)\):\w+>", _choices, rule.rule)
            address = re.sub(r"<\w+:(\w+)>", r"<\1>", address)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            for one in expanded(address):
                built.setdefault(one, set()).update(methods)
    told = {
        one: set(methods.split())
        for address, methods, _ in rows(section(CONTRACT, "Addresses", "Built"))
        for one in expanded(codes(address)[0])
    }
    assert told == built


def _choices(found: re.Match[str]) -> str:
    return "{" + ",".join(part.strip(" '\"") for part in found[1].split(",")) + "}"


def test_filters_are_the_contract_s() -> None:
    told = {
        name for names, _ in rows(section(CONTRACT, "Filters", "Built")) for name in codes(names)
    }
    assert told == {re.sub(r"^detail\..*", "detail.<field>", name) for name in PARAMETERS} | LISTING
    filterable = {f"detail.{detail.name}" for _, detail in every_detail() if detail.filterable}
    assert filterable == {name for name in PARAMETERS if name.startswith("detail.")}


def test_filters_of_exports_and_sources_are_the_contract_s() -> None:
    def told(head: str) -> set[str]:
        return {
            name for names, _ in rows(section(CONTRACT, "Filters", head)) for name in codes(names)
        }

    assert told("Of exports") == EXPORT_PARAMETERS
    own = {field.name for field in dataclasses.fields(SourceFilter)}
    assert told("Of sources") == own | {"sort", "after"}


def test_types_and_details_are_the_domain_s() -> None:
    described = described_types(section(DOMAIN, "Types and their details"))
    assert list(described) == list(TYPES)
    for code, declared in TYPES.items():
        told = {
            name: (detail.holds, detail.codes, detail.required)
            for name, detail in described[code].items()
        }
        assert told == {
            detail.name: (detail.kind.value, frozenset(detail.codes), detail.required)
            for detail in declared.details
        }
        assert list(told) == [detail.name for detail in declared.details]


def test_vocabularies_are_the_domain_s() -> None:
    """A vocabulary's codes stand together in the page, in braces; every group there is one."""
    told = set(groups(DOMAIN)) | {
        frozenset(described_types(section(DOMAIN, "Types and their details")))
    }
    repeated = {
        detail.codes
        for details in described_types(section(DOMAIN, "Types and their details")).values()
        for detail in details.values()
    }
    shipped = {frozenset(one.terms): name for name, one in vocabularies().items()}
    assert [name for terms, name in shipped.items() if terms not in told | repeated] == []
    assert told - set(shipped) - set(SHAPES) == set()
    assert tuple(vocabularies()["status"].terms) == STATUSES


@pytest.mark.parametrize("name", vocabularies())
def test_every_term_says_what_it_means(name: str) -> None:
    terms = vocabularies()[name].terms
    assert terms
    for code, term in terms.items():
        assert code == code.strip() and term.label.strip() and term.definition.strip(), code
    labels = [term.label for term in terms.values()]
    assert len(set(labels)) == len(labels), "two terms look the same"


def test_columns_are_the_exports_page_s() -> None:
    told = {
        table: _columns(listed)
        for table, _, listed in rows(section(EXPORTS, "Tables and their columns"))
    }
    built = {}
    for table, columns in TABLES.items():
        for chosen in ColumnSet:
            key = f"{table}.csv, *{chosen}*" if table == "incidents" else f"{table}.csv"
            built[key] = [
                (column.name, column.audience is Audience.INTERNAL)
                for column in columns
                if chosen in column.sets
            ]
    assert told == built


def _columns(listed: str) -> list[tuple[str, bool]]:
    """Name and whether only the internal profile has it."""
    found = []
    for word in listed.split():
        if word == "<type>.<detail>":
            found += [
                (f"{declared.code}.{detail.name}", detail.kind is Kind.SAID)
                for declared, detail in every_detail()
            ]
        else:
            found += [(name.strip("[]"), name.startswith("[")) for name in expanded(word)]
    return found


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/contract.md"])
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    text = page(name).partition("Planned: `make")[0]
    assert set(re.findall(r"(?:`|\n    )make ([a-z]+)", text)) <= targets


def test_every_make_target_is_told() -> None:
    targets = set(re.findall(r"^\.PHONY: (\w+)", page("Makefile"), re.MULTILINE)) - {"help"}
    told = page("README.md") + page("CONTRIBUTING.md") + CONTRACT
    assert {target for target in targets if f"make {target}" not in told} == set()


@pytest.mark.parametrize(
    "name",
    sorted(
        str(path.relative_to(REPOSITORY))
        for path in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")]
    ),
)
def test_links_lead_somewhere(name: str) -> None:
    folder = (REPOSITORY / name).parent
    assert [target for target in links(page(name)) if not (folder / target).exists()] == []

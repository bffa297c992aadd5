"""The commands. Each opens its own services, asks queries and actions, and says what came of it.

Whatever a person can mend is told in one line on standard error, and the command ends with 1.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import click
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from waitress.server import create_server

from incidents import migrate
from incidents.account.actions import add_account, make_link
from incidents.account.queries import account_id_by_name, credentials_of, viewer_by_name
from incidents.addresses import hashes_of
from incidents.app import create_app
from incidents.audit.actions import HEAD_NOTE
from incidents.audit.queries import head_note, problems, problems_of_note
from incidents.clock import utc_now
from incidents.config import Settings, load_settings
from incidents.demo.imports import PEOPLE, load
from incidents.doctor import Installation, Outcome, examine
from incidents.errors import IncidentsError, NotAllowed, NotFound, WrongState
from incidents.incident.actions import mend_search
from incidents.incident.columns import TABLES, ColumnSet
from incidents.incident.exports import FORMAT, Profile, Wanted, begin, write_file
from incidents.logs import set_up_logs
from incidents.services import Services, open_services
from incidents.source.actions import (
    add_source,
    check_source,
    fetched_content,
    mend_sketches,
    prepare,
    read,
    recompute_addresses,
    suspect,
)
from incidents.source.queries import (
    facts_of,
    known_sources,
    source_by_reference,
    texts_for_quotes,
)
from incidents.source.record import Content, said_by_file
from incidents.viewer import OPERATOR, Role, Viewer
from incidents.vocabulary.actions import sync_terms
from incidents.web import save
from incidents.work import Work

HOST = "127.0.0.1"
THREADS = 8
_DEFAULT_ADDRESS = f"http://{HOST}:8000"


class OneLineErrors(click.Group):
    """Turns what a person can mend into one line; anything else is a bug and shows its trace."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except IncidentsError as error:
            raise click.ClickException(error.message) from None
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()
            raise click.ClickException(f"The database: {reason[0] if reason else error}") from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}.") from None


class CannotServe(IncidentsError):
    """The port can't be had."""


@dataclass(frozen=True)
class Opened:
    """What a command works with: `reading()` or `writing()` as somebody, or as the operator."""

    services: Services

    @property
    def settings(self) -> Settings:
        return self.services.config

    def viewer(self, session: Session, name: str | None) -> Viewer:
        """The operator without a name. NotFound if nobody by that name may sign in."""
        if name is None:
            return OPERATOR
        found = viewer_by_name(session, name)
        if found is None:
            raise NotFound(f"There is no account named {name} that may sign in.")
        return found

    @contextmanager
    def reading(self, name: str | None = None) -> Iterator[Work]:
        self._ready()
        with self.services.database.reading() as session:
            yield self.services.work(session, self.viewer(session, name))

    @contextmanager
    def writing(self, name: str | None = None) -> Iterator[Work]:
        """Commits at the end of the block; an error in it leaves nothing behind."""
        self._ready()
        with self.services.database.writing() as session:
            yield self.services.work(session, self.viewer(session, name))
            save(self.services, session)

    def prepare(self) -> None:
        """Create or migrate the database; bring vocabularies, addresses and the search up to this
        release.
        """
        migrate.upgrade(self.settings.database_url)
        with self.writing() as work:
            sync_terms(work)
            recompute_addresses(work)
            mend_sketches(work)
            mend_search(work)

    def _ready(self) -> None:
        if not migrate.is_current(self.services.database):
            raise WrongState("The database is not made or not up to date; run: incidents init")


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; without it config.toml, if there is one.",
)


def opening(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command `--config`, and the opened services as its first argument."""

    def run(config: Path | None, **arguments: Any) -> None:
        set_up_logs()
        services = open_services(load_settings(config, os.environ, Path.cwd()))
        try:
            command(Opened(services), **arguments)
        finally:
            services.database.dispose()

    run.__doc__, run.__name__ = command.__doc__, command.__name__
    # Where click's decorators leave options until the command is made; no function's type has it.
    run.__click_params__ = list(getattr(command, "__click_params__", []))  # type: ignore[attr-defined]
    return config_option(run)


as_somebody = click.option(
    "--as",
    "name",
    metavar="NAME",
    help="Act as this account; without it as the operator, who never sees what is sealed.",
)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="incidents")
def main() -> None:
    """Log what happened to whom, so that every figure can be traced to its words."""


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--demo", is_flag=True, help="Load the demo first, and print links to sign in.")
@opening
def serve(opened: Opened, port: int, *, demo: bool) -> None:
    """Serve on this machine; creates or migrates the database first."""
    opened.prepare()
    server = _server(opened.settings, port)
    address = f"http://{HOST}:{port}"
    click.echo(f"{opened.settings.title} is at {address}; Ctrl+C ends it.")
    if demo:
        with suppress(WrongState):
            load(opened.services)
        _print_links(opened, address)
    sys.stdout.flush()
    server.run()


@main.command()
@opening
def init(opened: Opened) -> None:
    """Create or migrate the database."""
    opened.prepare()
    click.echo("The database is up to date.")


@main.command()
@opening
def demo(opened: Opened) -> None:
    """Load the Janaozen article and its incidents, through the app's own actions."""
    opened.prepare()
    loaded = load(opened.services)
    click.echo(f"{len(loaded)} incidents are loaded.")


@main.group()
def user() -> None:
    """The people who sign in."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given several times.",
)
@click.option("--address", default=_DEFAULT_ADDRESS, show_default=True, help="Where people go.")
@opening
def user_add(opened: Opened, name: str, roles: tuple[str, ...], address: str) -> None:
    """Add an account and print a link that signs in once."""
    with opened.writing() as work:
        account = add_account(work, name, {Role(role) for role in roles})
        assert account.id is not None
        token = make_link(work, account.id, hours=opened.settings.one_time_link_hours)
    click.echo(_link(address, token))


@user.command("link")
@click.argument("name")
@click.option("--address", default=_DEFAULT_ADDRESS, show_default=True, help="Where people go.")
@opening
def user_link(opened: Opened, name: str, address: str) -> None:
    """Print a new one-time link; using it forgets the account's password."""
    with opened.writing() as work:
        account_id = account_id_by_name(work.session, name)
        token = make_link(work, account_id, hours=opened.settings.one_time_link_hours)
    click.echo(_link(address, token))


@main.group()
def source() -> None:
    """What incidents are logged from."""


@source.command("add")
@click.argument("file", metavar="FILE|URL")
@as_somebody
@opening
def source_add(opened: Opened, file: str, name: str | None) -> None:
    """Keep a copy of a file or of the page at an address as a news article, with what it says of
    itself; print its reference.

    A page (HTML, MHTML), a PDF, an e-mail or plain text.
    """
    limit_mb = opened.settings.upload_limit_mb
    content = read(_content(opened, file, name), limit_mb=limit_mb)
    prepared = prepare(content, limit_mb=limit_mb)
    said = said_by_file(content, "news_article")
    for warning in content.extracted.warnings if content.extracted else ():
        click.echo(warning, err=True)
    with opened.reading(name) as work:
        check_source(work, said, prepared)
    for stored in prepared.files:
        opened.services.archive.put(stored)
    with opened.writing(name) as work:
        reference = add_source(work, said, prepared).reference
    click.echo(reference)


def _content(opened: Opened, file: str, name: str | None) -> Content:
    """A file, or the page at an address; what is here already is not fetched."""
    if not file.lower().startswith(("http://", "https://")):
        return Content(Path(file).read_bytes(), "uploaded", Path(file).name)
    with opened.reading(name) as work:
        known = known_sources(work.session, work.actor, hashes_of([file]))
        if not work.actor.may_record:
            raise NotAllowed("Only researchers and reviewers add sources.")
    if known:
        raise WrongState(f"{known[0].reference}, “{known[0].title}”, stands at this address.")
    content = fetched_content(opened.services.fetcher, file, _received)
    content = read(content, limit_mb=opened.settings.upload_limit_mb)
    failed = suspect(content)
    if failed is not None:
        raise failed
    return content


@source.command("show")
@click.argument("reference", metavar="REF")
@click.option("--text", is_flag=True, help="Print the extracted text instead.")
@as_somebody
@opening
def source_show(opened: Opened, reference: str, name: str | None, *, text: bool) -> None:
    """Print a source's metadata as JSON, or its extracted text."""
    with opened.reading(name) as work:
        found = source_by_reference(work.session, work.actor, reference)
        if not text:
            facts = facts_of(work.session, work.actor, found)
            click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
            return
        assert found.id is not None
        texts = texts_for_quotes(work.session, work.actor, work.keyring, [found.id])
        if found.id not in texts:
            raise NotFound(f"{found.reference} has no text.")
        click.echo(texts[found.id][0][1], nl=False)


@main.command()
@click.argument("table", type=click.Choice(list(TABLES)))
@click.option("--format", type=click.Choice([FORMAT]), default=FORMAT, show_default=True)
@click.option("--profile", type=click.Choice([profile.value for profile in Profile]))
@click.option("--columns", type=click.Choice([chosen.value for chosen in ColumnSet]))
@click.option("--raw", is_flag=True, help="For programs: cells as they are.")
@click.option("--filter", "query", default="", metavar="QUERY", help="As the listing's address.")
@click.option("-o", "file", type=click.Path(path_type=Path), metavar="FILE", help="Not to print.")
@as_somebody
@opening
def export(
    opened: Opened, table: str, *, query: str, file: Path | None, name: str | None, **options: Any
) -> None:
    """Write a table of the approved incidents, or of those whose status the filter names."""
    args = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    args += [(key, str(options[key])) for key in ("profile", "columns") if options[key]]
    args += [("raw", "1")] if options["raw"] else []
    wanted = Wanted(table, args, ColumnSet.FULL)
    with opened.writing(name) as work:
        download = begin(opened.services, work, wanted, save)
    with closing(download):
        if file is not None:
            write_file(download, file, _progress)
            click.echo(f"{file}: {download.rows} rows", err=True)
            return
        for chunk in download:
            sys.stdout.buffer.write(chunk)
            # Before the export is logged as finished: a broken pipe ends it here.
            sys.stdout.buffer.flush()


@main.group()
def audit() -> None:
    """The log of what was done."""


@audit.command("verify")
@opening
def audit_verify(opened: Opened) -> None:
    """Check the whole chain, and its head against the copy in the archive."""
    with opened.reading() as work:
        found = list(problems(work.session))
        note = opened.services.archive.read_note(HEAD_NOTE)
        found += problems_of_note(work.session, note)
        entries = head_note(work.session).partition(" ")[0]
        if note is None and entries != "0":
            found.append("The archive holds no note of the log's head: a cut end would not show.")
    for problem in found:
        click.echo(problem, err=True)
    if found:
        sys.exit(1)
    click.echo(f"{entries} entries hold.")


@main.command()
@click.option("--all", "every_copy", is_flag=True, help="Read every stored copy, not a sample.")
@config_option
def doctor(config: Path | None, *, every_copy: bool) -> None:
    """Say what is wrong with this installation and how to mend it; changes nothing."""
    installation = Installation(config, os.environ, Path.cwd(), utc_now(), every_copy=every_copy)
    wrong = 0
    with closing(installation):
        for finding in examine(installation):
            click.echo(finding)
            wrong += finding.outcome is Outcome.WRONG
    if wrong:
        click.echo(f"{wrong} of these {'is' if wrong == 1 else 'are'} wrong.")
        sys.exit(1)
    click.echo("Nothing is wrong.")


def _server(settings: Settings, port: int) -> Any:
    """Holds the port already, so that links are printed for an address that will answer."""
    try:
        return create_server(
            create_app(settings),
            host=HOST,
            port=port,
            threads=THREADS,
            ident=None,
            # Files are held to their limit by the app, with a page; this is the wall behind it.
            max_request_body_size=settings.upload_limit_mb * 1_000_000 + 1_000_000,
            # The app reads forwarded headers itself, from as many proxies as are configured.
            clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotServe(f"{HOST}:{port}: {reason}; choose another with --port.") from None


def _print_links(opened: Opened, address: str) -> None:
    """For the demo's people who have no password yet; nobody is asked anything."""
    with opened.writing() as work:
        for name in PEOPLE:
            account_id = account_id_by_name(work.session, name)
            if credentials_of(work.session, account_id).password_hash is None:
                token = make_link(work, account_id, hours=opened.settings.one_time_link_hours)
                click.echo(f"  sign in once as {name:<11} {_link(address, token)}")


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows", nl=False, err=True)


def _received(host: str, received_bytes: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{received_bytes // 1000} kB from {host}", nl=False, err=True)


def _link(address: str, token: str) -> str:
    return f"{address.rstrip('/')}/sign-in/{token}"

"""Owns the settings: a TOML file, overridden by the environment, frozen once they are read, and
the keys made on the first start. Refuses unknown names and bad values, in one clear line."""

import base64
import difflib
import os
import re
import secrets
import stat
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import ValidationInfo as Info
from pydantic import field_validator as checks
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from incidents.crypto import Keyring, SealError, key_from_base64
from incidents.errors import IncidentsError

PREFIX = "INCIDENTS_"
SECRETS = ("database_url", "secret_key", "name_key")
DEFAULT_DATABASE = "sqlite:///var/incidents.sqlite3"
DEFAULT_ARCHIVE = "var/archive"

# Where the file is, and what only the tests read: not settings.
_NOT_SETTINGS = re.compile(r"INCIDENTS_(CONFIG|TEST_\w+)")
_HOST_AND_PORT = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+):([0-9]{1,5})")
# In every key that was ever published in an example: anyone could sign in with one.
_EXAMPLE = "change-me"
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


class ConfigError(IncidentsError):
    """The configuration can't be used; the message names where, what, why and what to do."""


class Settings(BaseModel):
    """How this installation runs: always whole, keys included; paths are absolute."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    debug: bool = Field(
        default=False, description="for developing only: shows errors and accepts example keys"
    )
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = (
        Field(default="Incidents", description="what the pages call this installation")
    )
    database_url: str = Field(
        repr=False,
        description="sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME for a larger team",
    )
    archive: Path = Field(description="the folder that keeps the sources' bytes")
    secret_key: str = Field(
        repr=False, description="signs cookies and forms: at least 32 characters, at random"
    )
    name_key: str = Field(repr=False, description="encrypts names: the base64 of 32 random bytes")
    behind_tls: bool = Field(
        default=False, description="people reach it by https: cookies are sent by https only"
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="how many proxies in front tell the client's address"
    )
    # An hour and a day: what NIST SP 800-63B-4 advises for two factors.
    session_idle_minutes: int = Field(
        default=60, ge=5, le=1440, description="minutes without a request until one is signed out"
    )
    session_days: int = Field(
        default=1, ge=1, le=30, description="days until one signs in again, however busy"
    )
    one_time_link_hours: int = Field(
        default=48, ge=1, le=336, description="hours until an unused invitation ends"
    )
    upload_limit_mb: int = Field(
        default=50, ge=1, le=2048, description="the largest upload, in megabytes (1,000,000 bytes)"
    )
    fetch_allow: tuple[str, ...] = Field(
        default=(), description="host:port pairs that may be fetched although they are not public"
    )
    fetch_seconds: float = Field(
        default=60, gt=0, le=600, description="seconds until fetching a page is given up"
    )

    @property
    def sqlite_file(self) -> Path | None:
        """None on PostgreSQL."""
        return _sqlite_file(self.database_url)

    @property
    def keys_file(self) -> Path:
        """Where keys nobody gives are kept: beside the embedded database, else the archive."""
        return (self.sqlite_file or self.archive).parent / "keys.toml"

    @checks("database_url")
    @classmethod
    def _database_is_known(cls, url: str) -> str:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise ValueError("is not a database's address; begin it with sqlite:///") from None
        if parsed.drivername not in _DRIVERS:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("must name a database: a file for sqlite:///")
        driver = _DRIVERS[parsed.drivername]
        return parsed.set(drivername=driver).render_as_string(hide_password=False)

    @checks("secret_key")
    @classmethod
    def _secret_is_secret(cls, key: str, info: Info) -> str:
        if _EXAMPLE in key:
            return _example_key(key, info)
        if len(key) < 32:
            raise ValueError(f"has {len(key)} characters and needs 32 at random, or leave it out")
        return key

    @checks("name_key")
    @classmethod
    def _name_key_is_a_key(cls, key: str, info: Info) -> str:
        try:
            clear = key_from_base64(key)
        except SealError:
            raise ValueError("must be the base64 of 32 random bytes, or left out") from None
        return _example_key(key, info) if _EXAMPLE.encode() in clear else key

    @checks("fetch_allow", mode="before")
    @classmethod
    def _text_is_split(cls, pairs: Any) -> Any:
        return pairs.replace(",", " ").split() if isinstance(pairs, str) else pairs

    @checks("fetch_allow")
    @classmethod
    def _pairs_are_hosts_and_ports(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        for pair in pairs:
            match = _HOST_AND_PORT.fullmatch(pair.lower())
            if match is None or not 0 < int(match[2]) < 65536:
                raise ValueError(f"{pair!r} is not host:port, as in intranet.example.org:8080")
        return tuple(pair.lower() for pair in pairs)


def load_settings(file: Path | None, environ: Mapping[str, str], folder: Path) -> Settings:
    """Read the settings; on the first start, make the keys that nobody gave.

    file: named by hand; else INCIDENTS_CONFIG; else `folder`'s config.toml if there is one.
    Relative paths are relative to `folder`. ConfigError for whatever is amiss.
    """
    values, origins = _given(file, environ, folder)
    made = _keys_not_given(values)
    settings = _checked({**made, **values}, origins, folder)
    if not made:
        return settings
    return _with_keys(values, origins, folder, settings, _kept_keys(settings, made))


def look_at_settings(
    file: Path | None, environ: Mapping[str, str], folder: Path
) -> tuple[Settings, ConfigError | None]:
    """The same and making nothing: where the kept keys can't be had, with why and with keys of the
    moment, which open nothing. ConfigError for whatever else is amiss.
    """
    values, origins = _given(file, environ, folder)
    made = _keys_not_given(values)
    settings = _checked({**made, **values}, origins, folder)
    if not made:
        return settings, None
    try:
        kept = _keys_there(settings, made)
        if kept is None:
            return settings, ConfigError(
                f"{settings.keys_file}: is not made yet; run: incidents init"
            )
        return _with_keys(values, origins, folder, settings, kept), None
    except ConfigError as error:
        return settings, error


def _given(
    file: Path | None, environ: Mapping[str, str], folder: Path
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values before they are checked, and where each comes from."""
    values: dict[str, Any] = {"database_url": DEFAULT_DATABASE, "archive": DEFAULT_ARCHIVE}
    origins: dict[str, str] = {}
    path = config_file(file, environ, folder)
    if path is not None:
        for name, value in _read_toml(path).items():
            values[name], origins[name] = value, f"{path}: {name}"
    for variable, text in environ.items():
        if variable.startswith(PREFIX) and not _NOT_SETTINGS.fullmatch(variable):
            name = variable.removeprefix(PREFIX).lower()
            values[name], origins[name] = text, variable
    return values, origins


def _keys_not_given(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: key for name, key in _new_keys().items() if name not in values}


def _with_keys(
    values: Mapping[str, Any],
    origins: Mapping[str, str],
    folder: Path,
    settings: Settings,
    kept: Mapping[str, str],
) -> Settings:
    from_file = {name: f"{settings.keys_file}: {name}" for name in kept}
    return _checked({**values, **kept}, {**origins, **from_file}, folder)


def config_file(file: Path | None, environ: Mapping[str, str], folder: Path) -> Path | None:
    """The file `load_settings` reads; None when there is none to read."""
    if file is None and environ.get("INCIDENTS_CONFIG"):
        file = Path(environ["INCIDENTS_CONFIG"])
    if file is not None:
        return folder / file
    default = folder / "config.toml"
    return default if default.exists() else None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no such file; copy config.example.toml there, or name another."
        ) from None
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from None


def _checked(values: Mapping[str, Any], origins: Mapping[str, str], folder: Path) -> Settings:
    for name in values:
        if name not in Settings.model_fields:
            raise ConfigError(f"{origins[name]}: is not a setting; {_nearest(name)}.")
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_first_fault(error, origins)) from None
    database_url, file = settings.database_url, settings.sqlite_file
    if file is not None:
        absolute = str((folder / file).resolve())
        database_url = str(make_url(database_url).set(database=absolute))
    archive = (folder / settings.archive).resolve()
    return settings.model_copy(update={"database_url": database_url, "archive": archive})


def _first_fault(error: ValidationError, origins: Mapping[str, str]) -> str:
    fault = error.errors(include_url=False)[0]
    name = str(fault["loc"][0])
    origin = origins.get(name, name)
    if fault["type"] == "value_error":
        return f"{origin}: {fault['ctx']['error']}."
    wanted = fault["msg"].split(",")[0].removeprefix("Input ").removeprefix("String ")
    given = "" if name in SECRETS else f", not {fault['input']!r}"
    return f"{origin}: {wanted}{given}; it {Settings.model_fields[name].description}."


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"is {near[0]} meant?" if near else "config.example.toml lists them all"


def _example_key(key: str, info: Info) -> str:
    if not info.data.get("debug"):
        raise ValueError("is the published example, which anyone knows; leave it out")
    return key


def _sqlite_file(database_url: str) -> Path | None:
    url = make_url(database_url)
    return Path(str(url.database)) if url.drivername == "sqlite" else None


def _new_keys() -> dict[str, str]:
    name_key = base64.b64encode(Keyring.new_key()).decode()
    return {"secret_key": secrets.token_urlsafe(48), "name_key": name_key}


def _kept_keys(settings: Settings, made: Mapping[str, str]) -> dict[str, str]:
    """The keys of the keys file, which is made from `made` if it is not there."""
    kept = _keys_there(settings, made)
    if kept is None:
        _make_keys_file(settings.keys_file, made)
        kept = _keys_there(settings, made)
        assert kept is not None
    return kept


def _keys_there(settings: Settings, wanted: Iterable[str]) -> dict[str, str] | None:
    """The keys wanted of the keys file; None if it is not there and no name needs it yet."""
    path, database = settings.keys_file, settings.sqlite_file
    # Asked before the keys file: another process may be making first it, then the database.
    in_use = database is not None and database.exists() and database.stat().st_size > 0
    if not path.exists():
        # Names sealed under a key that is lost must not get company sealed under another.
        if in_use and "name_key" in wanted:
            raise ConfigError(
                f"{path}: is gone, and {database} was made with its keys; put it back, "
                f"or set {PREFIX}NAME_KEY."
            )
        return None
    kept = _read_keys_file(path)
    for name in wanted:
        if name not in kept:
            raise ConfigError(f"{path}: has no {name}; add one, or set {PREFIX}{name.upper()}.")
    return {name: kept[name] for name in wanted}


def _make_keys_file(path: Path, keys: Mapping[str, str]) -> None:
    """Whole or not at all; of several processes at once, one makes it for all."""
    lines = [
        "# Made on the first start. Keep a copy apart from the database's backups:",
        "# without name_key the names in it can never be read again.",
        *(f'{name} = "{key}"' for name, key in keys.items()),
    ]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write("\n".join([*lines, ""]))
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: it fails if another process was first.
            path.hardlink_to(temporary)
        finally:
            Path(temporary).unlink()
    except FileExistsError:
        return
    except OSError as error:
        raise ConfigError(f"{path}: can't be made: {error.strerror}.") from None


def _read_keys_file(path: Path) -> dict[str, Any]:
    keys = _read_toml(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path}: others than its owner may read it; run: chmod 600 {path}")
    return keys

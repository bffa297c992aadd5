"""Settings: what is given is taken, what is wrong is said in one line, keys are made once."""

import base64
import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from incidents.config import ConfigError, Settings, load_settings
from incidents.crypto import Keyring

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
SECRET = "s3cr3t-" * 6
NAME_KEY = base64.b64encode(bytes(range(32))).decode()
KEYS = {"INCIDENTS_SECRET_KEY": SECRET, "INCIDENTS_NAME_KEY": NAME_KEY}
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads as if started in tmp_path, with keys given unless `environ` says otherwise."""

    def load(
        toml: str = "", environ: Mapping[str, str] = KEYS, file: Path | None = None
    ) -> Settings:
        if toml:
            (tmp_path / "config.toml").write_text(toml)
        return load_settings(file, environ, tmp_path)

    return load


def refusal(load: Load, *args: Any, **named: Any) -> str:
    with pytest.raises(ConfigError) as error:
        load(*args, **named)
    assert "\n" not in error.value.message
    return error.value.message


def test_nothing_is_needed_to_begin(load: Load, tmp_path: Path) -> None:
    settings = load(environ={})
    assert settings.database_url == f"sqlite:///{tmp_path}/var/incidents.sqlite3"
    assert settings.sqlite_file == tmp_path / "var" / "incidents.sqlite3"
    assert settings.archive == tmp_path / "var" / "archive"
    assert len(settings.secret_key) >= 32
    Keyring.from_base64(settings.name_key)
    assert load(environ={}) == settings


def test_the_example_loads_and_says_the_defaults(load: Load, tmp_path: Path) -> None:
    assert load(file=EXAMPLE) == load()


def test_the_example_names_every_setting() -> None:
    text = EXAMPLE.read_text()
    uncommented = text.replace("# secret_key =", "secret_key =").replace(
        "# name_key =", "name_key ="
    )
    assert set(tomllib.loads(uncommented)) == set(Settings.model_fields)


@pytest.mark.parametrize("name", ["secret_key", "name_key"])
def test_the_example_s_keys_are_refused_outside_debug_mode(load: Load, name: str) -> None:
    line = next(x for x in EXAMPLE.read_text().splitlines() if x.startswith(f"# {name} ="))
    toml = line.removeprefix("# ") + "\n"
    message = refusal(load, toml, environ={})
    assert f"config.toml: {name}: is the published example" in message
    assert load("debug = true\n" + toml, environ={}).debug


def test_a_bare_change_me_is_refused(load: Load) -> None:
    environ = {**KEYS, "INCIDENTS_SECRET_KEY": "change-me"}
    assert "INCIDENTS_SECRET_KEY: is the published example" in refusal(load, environ=environ)


def test_the_environment_overrides_the_file(load: Load) -> None:
    environ = {**KEYS, "INCIDENTS_TITLE": "Ours", "INCIDENTS_SESSION_DAYS": "3"}
    settings = load('title = "Theirs"\nupload_limit_mb = 7\n', environ=environ)
    assert (settings.title, settings.session_days, settings.upload_limit_mb) == ("Ours", 3, 7)


def test_a_file_named_by_hand_wins_over_the_environment_s(load: Load, tmp_path: Path) -> None:
    for name in ("config", "environment", "hand"):
        (tmp_path / f"{name}.toml").write_text(f'title = "{name}"')
    environ = {**KEYS, "INCIDENTS_CONFIG": "environment.toml"}
    assert load().title == "config"
    assert load(environ=environ).title == "environment"
    assert load(environ=environ, file=Path("hand.toml")).title == "hand"


def test_hosts_to_fetch_are_a_list_or_words(load: Load) -> None:
    pairs = ("intranet.example.org:8080", "[::1]:9000")
    environ = {**KEYS, "INCIDENTS_FETCH_ALLOW": "Intranet.example.org:8080, [::1]:9000"}
    assert load('fetch_allow = ["intranet.example.org:8080", "[::1]:9000"]').fetch_allow == pairs
    assert load(environ=environ).fetch_allow == pairs


@pytest.mark.parametrize("given", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_one_driver(load: Load, given: str) -> None:
    settings = load(f'database_url = "{given}://me:pa%40ss@db.example.org/incidents"')
    assert settings.database_url == "postgresql+psycopg://me:pa%40ss@db.example.org/incidents"
    assert settings.sqlite_file is None
    assert settings.keys_file == settings.archive.parent / "keys.toml"


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("sesion_days = 2", ["config.toml: sesion_days: is not a setting", "session_days"]),
        ("zzz = 2", ["zzz: is not a setting", "config.example.toml"]),
        ("session_days = 0", ["session_days", "greater than or equal to 1", "not 0", "days until"]),
        ('session_days = "soon"', ["session_days", "integer", "not 'soon'"]),
        ('debug = "perhaps"', ["debug", "boolean"]),
        ('title = " "', ["title", "at least 1 character"]),
        ('fetch_allow = ["example.org"]', ["fetch_allow", "'example.org' is not host:port"]),
        ('fetch_allow = ["example.org:99999"]', ["is not host:port"]),
        ('database_url = "mysql://a@b/c"', ["must begin with sqlite:/// or postgresql://"]),
        ('database_url = "incidents.sqlite3"', ["is not a database's address"]),
        ('database_url = "sqlite://"', ["must name a database"]),
        ('database_url = "sqlite:///:memory:"', ["must name a database"]),
        ("title = \ndebug = true", ["config.toml: is not valid TOML", "line 1"]),
    ],
)
def test_what_is_wrong_is_said_in_one_line(load: Load, toml: str, words: list[str]) -> None:
    message = refusal(load, toml)
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("INCIDENTS_DATABSE_URL", "x", ["INCIDENTS_DATABSE_URL", "is database_url meant?"]),
        ("INCIDENTS_TRUSTED_PROXIES", "many", ["INCIDENTS_TRUSTED_PROXIES", "integer"]),
        ("INCIDENTS_SECRET_KEY", "hunter2", ["INCIDENTS_SECRET_KEY", "needs 32"]),
        ("INCIDENTS_NAME_KEY", "hunter2", ["INCIDENTS_NAME_KEY", "base64 of 32"]),
    ],
)
def test_a_wrong_variable_is_named(load: Load, variable: str, text: str, words: list[str]) -> None:
    message = refusal(load, environ={**KEYS, variable: text})
    assert "hunter2" not in message
    for word in words:
        assert word in message


def test_a_missing_file_is_named(load: Load, tmp_path: Path) -> None:
    message = refusal(load, file=Path("absent.toml"))
    assert f"{tmp_path}/absent.toml: there is no such file" in message


def test_secrets_do_not_show(load: Load) -> None:
    shown = repr(load('database_url = "postgresql://me:hunter2@db/incidents"'))
    for secret in (SECRET, NAME_KEY, "hunter2"):
        assert secret not in shown


def test_settings_are_frozen(load: Load) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().title = "x"


def test_the_keys_file_is_its_owner_s_alone(load: Load, tmp_path: Path) -> None:
    keys = load(environ={}).keys_file
    assert keys == tmp_path / "var" / "keys.toml"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.parent.stat().st_mode) == 0o700
    keys.chmod(0o640)
    assert f"chmod 600 {keys}" in refusal(load, environ={})


def test_no_keys_are_made_for_who_gives_both(load: Load) -> None:
    assert not load().keys_file.exists()


def test_a_wrong_setting_makes_no_keys(load: Load, tmp_path: Path) -> None:
    refusal(load, "session_days = 0", environ={})
    assert not (tmp_path / "var").exists()


def test_a_given_key_is_not_written_down(load: Load) -> None:
    settings = load(environ={"INCIDENTS_NAME_KEY": NAME_KEY})
    assert set(tomllib.loads(settings.keys_file.read_text())) == {"secret_key"}
    message = refusal(load, environ={"INCIDENTS_SECRET_KEY": SECRET})
    assert "has no name_key" in message


def test_a_lost_name_key_is_not_replaced_by_another(load: Load) -> None:
    settings = load(environ={})
    assert settings.sqlite_file is not None
    settings.sqlite_file.write_bytes(b"SQLite format 3\0")
    settings.keys_file.unlink()
    assert "keys.toml: is gone" in refusal(load, environ={})
    assert load(environ={"INCIDENTS_NAME_KEY": NAME_KEY}).name_key == NAME_KEY


def test_processes_that_start_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    program = (
        "from incidents.config import load_settings; from pathlib import Path; import sys;"
        "settings = load_settings(None, {}, Path(sys.argv[1])); sys.stdin.read(1);"
        "print(settings.secret_key, settings.name_key)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    outputs = []
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ)
        for _ in range(4)
    ]
    for process in processes:
        outputs.append(process.communicate(b"\n")[0])
        assert process.returncode == 0
    assert len(set(outputs)) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["keys.toml"]

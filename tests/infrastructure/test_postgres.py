"""The tests' own PostgreSQL: it leaves nothing behind, however a run ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.postgres import GIVEN_URL, Postgres

ROOT = Path(__file__).parents[2]


@pytest.mark.postgres
def test_databases_are_apart(postgres: Postgres) -> None:
    with postgres.database() as one, postgres.database(template=one) as other:
        engines = [create_engine(url, poolclass=NullPool) for url in (one, other)]
        with engines[0].begin() as connection:
            connection.execute(text("CREATE TABLE only_in_one (id int)"))
        with engines[1].connect() as connection:
            found = connection.execute(text("SELECT to_regclass('only_in_one')")).scalar()
        assert found is None


@pytest.mark.postgres
@pytest.mark.skipif(GIVEN_URL in os.environ, reason="the server is somebody's")
def test_a_cluster_ends_with_a_process_that_is_killed(postgres: Postgres) -> None:
    program = (
        "from tests.postgres import temporary_cluster\n"
        "with temporary_cluster() as cluster:\n"
        "    print(cluster.url, flush=True)\n"
        "    input()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().decode().strip().partition("?host=")[2]).parent
        assert (folder / "data" / "postmaster.pid").exists()
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()

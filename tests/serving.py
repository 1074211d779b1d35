"""The app as people start it, or another script: a process of its own, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

CHECKOUT = Path(__file__).resolve().parent.parent


class Served:
    """`streamlit run` of a script in its folder, with this environment; its log is the file of its name beside it."""

    def __init__(
        self,
        script: Path,
        *,
        log: Path,
        environment: Mapping[str, str],
        health: str = "_stcore/health",
    ) -> None:
        self.url = f"http://localhost:{_free_port()}"
        self._script = script
        self._health = health
        self._program: Sequence[str] = ("streamlit",)
        self._log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Returns when the server answers."""
        self.begin()
        deadline = time.monotonic() + 90
        while not self.answers():
            assert self._process
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)
        return self

    def begin(self) -> None:
        """Starts it, and does not wait."""
        port = self.url.rpartition(":")[2]
        options = ["--server.port", port, "--server.headless", "true"]
        command = [sys.executable, "-m", *self._program, "run", self._script.name, *options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._script.parent,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def answers(self) -> bool:
        """Whether it has started."""
        try:
            return requests.get(f"{self.url}/{self._health}", timeout=1).status_code in {200, 503}
        except requests.RequestException:
            return False

    def start_in_vain(self) -> str:
        """What it says on the terminal when it ends by itself; it must not end well."""
        self.begin()
        assert self._process
        assert self._process.wait(30) != 0
        return self.log()

    def kill(self) -> None:
        """No warning, no drain."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def tell(self, what: signal.Signals) -> None:
        """A signal, and no waiting for what it does."""
        assert self._process
        self._process.send_signal(what)

    def ended(self) -> int:
        """The exit code of a process that was told to end."""
        assert self._process
        return self._process.wait(30)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def resident_mb(self) -> float:
        """Megabytes of memory that the process holds."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1000

    def cpu_seconds(self) -> float:
        """Of processor time that the process has used, by all its threads."""
        assert self._process
        used = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")

    def has_loaded(self, package: str) -> bool:
        """Whether the process has compiled parts of this package in its memory."""
        assert self._process
        return f"/{package}/" in Path(f"/proc/{self._process.pid}/maps").read_text()

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def _end(self, how: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(30)
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.stop()


class App(Served):
    """`streamlit run app.py` with these settings, and none from the environment of the tests.

    It has started when it can say whether it is ready, unless ``health`` names another address.
    """

    def __init__(self, *, data_dir: Path, health: str = "api/ready", **settings: str) -> None:
        self.data_dir = data_dir
        super().__init__(
            CHECKOUT / "app.py",
            log=data_dir.parent / f"{data_dir.name}.log",
            environment={**not_ours(), "STUDIO_DATA_DIR": str(data_dir), **settings},
            health=health,
        )


class Retold(App):
    """The same, whose catalogue is this one for whoever reads tests.pseudo.SPOKEN_BY."""

    def __init__(self, catalogue: Path, /, *, data_dir: Path, **settings: str) -> None:
        super().__init__(data_dir=data_dir, **settings)
        self._program = ("tests.retold", str(catalogue))


def not_ours() -> dict[str, str]:
    """The environment without settings of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "ATLAS"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

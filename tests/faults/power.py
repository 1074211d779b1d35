"""What a disk holds after a power cut: the system calls of a traced process, replayed as far as they had reached it.

The model is harsher than disks are. Of a file only what was synced is there, and only under the name that its folder
had when that was synced; or, by dice, each later write too, whole or up to a sector, and the later names.
"""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,unlink,mkdir,rmdir,sendto"
STRACE = ("-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}")

_SECTOR = 512
_WHOLE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+|\?)")
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)")
_HEX = re.compile(r"^\"?((?:\\x[0-9a-f]{2})*)\"?$")
_OPEN_FILE = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One system call; ``begun`` counts the calls of the trace that had ended when it began."""

    name: str
    arguments: list[str]
    result: int
    begun: int


def calls(trace: Path) -> Iterator[Call]:
    """Those that succeeded, in the order in which they ended."""
    begun: dict[str, tuple[str, int]] = {}
    number = 0
    for line in trace.read_text(errors="replace").splitlines():
        if found := _BEGUN.match(line):
            begun[found[1]] = (found[3], number)
            continue
        if found := _RESUMED.match(line):
            first, since = begun.pop(found[1])
            said, name, rest, result = first, found[2], found[3], found[4]
            arguments = [part for part in f"{said}{rest}".split(", ") if part]
        elif found := _WHOLE.match(line):
            since, name, result = number, found[2], found[4]
            arguments = found[3].split(", ")
        else:
            continue
        if result not in {"?", "-1"}:
            number += 1
            yield Call(name=name, arguments=arguments, result=int(result), begun=since)


def text_of(argument: str) -> bytes:
    found = _HEX.match(argument)
    assert found, argument
    return bytes.fromhex(found[1].replace("\\x", ""))


def open_file(argument: str) -> tuple[int, str]:
    """Number and path of an open file."""
    found = _OPEN_FILE.match(argument)
    assert found, argument
    return int(found[1]), bytes.fromhex(found[2].replace("\\x", "")).decode(errors="replace")


Change = Callable[[bytearray], None]


def writing(offset: int, content: bytes) -> Change:
    def change(file: bytearray) -> None:
        file.extend(bytes(max(0, offset + len(content) - len(file))))
        file[offset : offset + len(content)] = content

    return change


def cutting(length: int) -> Change:
    def change(file: bytearray) -> None:
        file.extend(bytes(max(0, length - len(file))))
        del file[length:]

    return change


@dataclass
class File:
    """``kept`` has reached the disk; ``later`` has not: the call that made each change, where and with what."""

    kept: bytearray = field(default_factory=bytearray)
    later: list[tuple[int, Change, int, bytes]] = field(default_factory=list)

    def now(self) -> bytes:
        """As programs see it."""
        seen = bytearray(self.kept)
        for _, change, _, _ in self.later:
            change(seen)
        return bytes(seen)

    def survives(self, dice: random.Random | None) -> bytes:
        """As it is after a power cut."""
        left = bytearray(self.kept)
        for _, change, offset, content in self.later:
            fate = dice.random() if dice else 1.0
            if fate < 0.4:
                change(left)
            elif fate < 0.6 and content and dice:
                writing(offset, content[: dice.randrange(0, len(content), _SECTOR)])(left)
        return bytes(left)

    def sync(self, begun: int) -> None:
        """What was written before the sync began is on the disk."""
        for number, change, _, _ in self.later:
            if number <= begun:
                change(self.kept)
        self.later = [each for each in self.later if each[0] > begun]


class Disk:
    """A folder and what is below it. ``deaf`` says of which paths it only claims to have synced them."""

    def __init__(self, folder: Path, *, seen_as: Path, deaf: Callable[[str], bool] = lambda _path: False) -> None:
        """As it is now, all of it on the disk; in the calls it is the folder ``seen_as``."""
        self._root = str(seen_as)
        self._deaf = deaf
        self._files: dict[str, File] = {}
        self._folders = {self._root}
        for path in folder.rglob("*"):
            name = str(seen_as / path.relative_to(folder))
            if path.is_dir():
                self._folders.add(name)
            elif not name.endswith("-shm"):
                self._files[name] = File(kept=bytearray(path.read_bytes()))
        self._kept_files, self._kept_folders = dict(self._files), set(self._folders)
        self._places: dict[int, int] = {}
        self._number = 0

    def see(self, call: Call) -> bool:
        """Whether what would survive has changed."""
        self._number += 1
        return bool(getattr(self, f"_{call.name}", self._nothing)(call))

    def left(self, into: Path, dice: random.Random | None = None) -> None:
        """Write what is there after a power cut at this moment into another folder."""
        shutil.rmtree(into, ignore_errors=True)
        files, folders = dict(self._kept_files), set(self._kept_folders)
        if dice and dice.random() < 0.5:
            files, folders = dict(self._files), set(self._folders)
        into.mkdir(parents=True)
        for folder in sorted(folders - {self._root}):
            place = into / Path(folder).relative_to(self._root)
            if place.parent.is_dir():  # or its name is on the disk, in a folder whose name is not
                place.mkdir()
        for path, file in files.items():
            place = into / Path(path).relative_to(self._root)
            if place.parent.is_dir():
                place.write_bytes(file.survives(dice))

    def now(self) -> dict[str, bytes]:
        """Every file as programs see it."""
        return {path: file.now() for path, file in self._files.items()}

    def _nothing(self, _call: Call) -> bool:
        return False

    def _is_ours(self, path: str) -> bool:
        return path.startswith(f"{self._root}/") and not path.endswith("-shm")

    def _openat(self, call: Call) -> bool:
        self._places[call.result] = 0
        path = text_of(call.arguments[1]).decode()
        if self._is_ours(path) and "O_CREAT" in call.arguments[2] and path not in self._files:
            self._files[path] = File()
        return False

    def _lseek(self, call: Call) -> bool:
        self._places[open_file(call.arguments[0])[0]] = call.result
        return False

    def _write(self, call: Call) -> bool:
        number, path = open_file(call.arguments[0])
        place = self._places.get(number, 0)
        self._places[number] = place + call.result
        return self._written(path, place, text_of(call.arguments[1])[: call.result])

    def _pwrite64(self, call: Call) -> bool:
        path = open_file(call.arguments[0])[1]
        return self._written(path, int(call.arguments[3]), text_of(call.arguments[1])[: call.result])

    def _written(self, path: str, offset: int, content: bytes) -> bool:
        if path in self._files:
            self._files[path].later.append((self._number, writing(offset, content), offset, content))
        return False

    def _ftruncate(self, call: Call) -> bool:
        path, length = open_file(call.arguments[0])[1], int(call.arguments[1])
        if path in self._files:
            self._files[path].later.append((self._number, cutting(length), 0, b""))
        return False

    def _fsync(self, call: Call) -> bool:
        path = open_file(call.arguments[0])[1]
        if self._deaf(path):
            return False
        if path in self._files:
            self._files[path].sync(call.begun)
        elif path in self._folders:
            self._sync_folder(path)
        return True

    _fdatasync = _fsync

    def _sync_folder(self, folder: str) -> None:
        for names, kept in ((self._files, self._kept_files), (self._folders, self._kept_folders)):
            for path in [path for path in kept if _parent(path) == folder and path not in names]:
                kept.pop(path) if isinstance(kept, dict) else kept.discard(path)
        self._kept_files |= {path: file for path, file in self._files.items() if _parent(path) == folder}
        self._kept_folders |= {path for path in self._folders if _parent(path) == folder}

    def _rename(self, call: Call) -> bool:
        before, after = (text_of(argument).decode() for argument in call.arguments[:2])
        if before in self._files:
            self._files[after] = self._files.pop(before)
        return False

    def _unlink(self, call: Call) -> bool:
        self._files.pop(text_of(call.arguments[0]).decode(), None)
        return False

    def _mkdir(self, call: Call) -> bool:
        path = text_of(call.arguments[0]).decode()
        if self._is_ours(path):
            self._folders.add(path)
        return False


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def sent(call: Call) -> bytes:
    """What went over the network with this call; nothing for any other."""
    return text_of(call.arguments[1]) if call.name == "sendto" else b""


def said(call: Call) -> str:
    """What the process wrote to its output with this call; nothing for any other."""
    if call.name != "write" or open_file(call.arguments[0])[0] != 1:
        return ""
    return text_of(call.arguments[1]).decode()

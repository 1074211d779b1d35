"""Archives: images, a manifest and a spreadsheet in one ZIP, written one image at a time.

The file is whole or not there: it grows under another name and gets its own when it is on disk. Every
image is checked against its hash on the way; what is damaged or missing is left out and named.
``reading`` brings an archive back.
"""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from atlas.language import tr
from studio import embedding, spreadsheets
from studio.archives import manifest
from studio.archives.manifest import Contents, Entry, Packed
from studio.archives.reading import BadArchive, Limits, Problem, Restored, read
from studio.generations import Generation, Picture
from studio.images import ImageFiles
from studio.library import Item
from studio.naming import Names
from studio.store import UPLOADED, Store

__all__ = ["BadArchive", "Cancelled", "Contents", "Limits", "Problem", "Restored", "Written", "read", "write"]

_README = """\
This archive was written by Atlas Studio and holds {images} in the folder images/{what}.
{references}\
images.csv lists them for people and spreadsheets, and manifest.jsonl holds everything about them for Atlas Studio.
To bring them back with prompts, settings, ratings and tags, import this file as it is in Atlas Studio.
"""
_WHAT = {
    Contents.ORIGINALS: ", each as it was made, byte for byte",
    Contents.DESCRIBED: ", each with its prompt and settings inside",
    Contents.STRIPPED: ", each without prompt, settings or any other text inside",
}
_LOST = "Its file is missing or damaged on disk, so it was left out. Restore it from a backup."
_UNSTRIPPED = "It could not be stripped ({refusal}), so it was left out. Export it as the original."
_REFERENCES = "The folder references/ holds the pictures that some of them were made from.\n"


class Cancelled(Exception):
    """Somebody did not want the archive any more; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What is in an archive, and what is not."""

    generations: int
    images: int
    bytes: int  # of the archive
    problems: tuple[Problem, ...] = ()


def write(
    path: Path,
    items: Iterable[Item],
    files: ImageFiles,
    store: Store,
    *,
    total: int,
    rule: str = "",
    campaign: str = "",
    contents: Contents = Contents.ORIGINALS,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Written:
    """Write an archive of ``total`` items; ``store`` knows what happened to them, ``rule`` how files are named.

    What is not finished is left out, because nobody could say later whether it was sent.
    Raises ValueError for a bad rule, Cancelled, and OSError when it cannot be written.
    """
    names = Names(rule, campaign=campaign)
    partial = path.with_name(f"{path.name}.partial")
    try:
        with _growing(partial) as (zipped, spool):
            packing = _Packing(zipped, spool(), spool(), files=files, names=names, contents=contents)
            for done, item in enumerate(items):
                progress(done, total)
                if cancelled():
                    raise Cancelled(tr("The export was cancelled. Nothing was written."))
                packing.add(item, store)
            packing.finish()
        partial.replace(path)
        progress(total, total)
    finally:
        partial.unlink(missing_ok=True)
    return Written(
        generations=packing.generations,
        images=packing.images,
        bytes=path.stat().st_size,
        problems=tuple(packing.problems),
    )


@contextmanager
def _growing(partial: Path) -> Iterator[tuple[zipfile.ZipFile, Callable[[], IO[bytes]]]]:
    """A ZIP that is on disk when the block ends well, and temporary files on the same disk."""
    with partial.open("wb") as file, ExitStack() as spools:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as zipped:
            yield zipped, lambda: spools.enter_context(tempfile.TemporaryFile(dir=partial.parent))
        file.flush()
        os.fsync(file.fileno())


@dataclass
class _Packing:
    """An archive in the making: images go in at once, lines of manifest and spreadsheet wait beside it."""

    zipped: zipfile.ZipFile
    manifest: IO[bytes]
    sheet: IO[bytes]
    files: ImageFiles
    names: Names
    contents: Contents
    generations: int = 0
    images: int = 0
    problems: list[Problem] = field(default_factory=list)
    _references: dict[str, Packed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sheet.write(spreadsheets.header())

    def add(self, item: Item, store: Store) -> None:
        generation = item.generation
        if not generation.is_terminal:
            self._complain(
                generation.id,
                tr("It is still {state}. Export it again when it has ended.").format(state=generation.state),
            )
            return
        packed = tuple(
            self._packed(generation, picture, number) for number, picture in enumerate(generation.pictures, 1)
        )
        references = tuple(
            self._reference(sha256, number)
            for number, sha256 in enumerate(manifest.started_from(generation.parameters), 1)
        )
        events = tuple(store.events(generation.id))
        entry = Entry(item=item, events=events, packed=packed, references=references)
        self.manifest.write(manifest.line(entry))
        if not generation.pictures:
            self.sheet.write(spreadsheets.row(item, None, ""))
        for picture, one in zip(generation.pictures, packed, strict=True):
            self.sheet.write(spreadsheets.row(item, picture, one.name))
        self.generations += 1

    def finish(self) -> None:
        self._spooled(manifest.NAME, self.manifest)
        self._spooled("images.csv", self.sheet)
        images = "1 image" if self.images == 1 else f"{self.images:,} images"
        has_references = any(one.name for one in self._references.values())
        references = _REFERENCES if has_references else ""
        text = _README.format(images=images, what=_WHAT[self.contents], references=references)
        self.zipped.writestr(_member("README.txt", packed=True), text)

    def _packed(self, generation: Generation, picture: Picture, number: int) -> Packed:
        """The image put into the archive, or the reason why it is not there."""
        name = f"images/{self.names.name(generation, picture)}"
        original = self._original(picture)
        if original is None:
            return self._left_out(name, picture.sha256, number, _LOST)
        try:
            content, contents = self._as_wanted(original, generation, picture)
        except embedding.Unreadable as refusal:
            if self.contents is Contents.STRIPPED:
                return self._left_out(name, picture.sha256, number, _UNSTRIPPED.format(refusal=refusal))
            self._complain(
                name,
                tr("Its settings could not be put inside ({refusal}). The original is in the archive.").format(
                    refusal=refusal
                ),
            )
            content, contents = original, Contents.ORIGINALS
        self.zipped.writestr(_member(name, generation.created), content)
        self.images += 1
        written = hashlib.sha256(content).hexdigest()
        return Packed(number=number, original=picture.sha256, name=name, written=written, contents=contents)

    def _reference(self, sha256: str, number: int) -> Packed:
        """A picture that something was made from; it is put into the archive once, however many were made from it."""
        if sha256 not in self._references:
            self._references[sha256] = self._packed_reference(sha256)
        return replace(self._references[sha256], number=number)

    def _packed_reference(self, sha256: str) -> Packed:
        path = self.files.find(sha256)
        name = f"references/{sha256}{path.suffix if path else ''}"
        content = _read(path, sha256) if path else None
        if content is None:
            return self._left_out(name, sha256, 1, _LOST)
        contents = Contents.ORIGINALS
        if self.contents is Contents.STRIPPED:
            try:
                content, contents = embedding.stripped(content), Contents.STRIPPED
            except embedding.Unreadable as refusal:
                return self._left_out(name, sha256, 1, _UNSTRIPPED.format(refusal=refusal))
        self.zipped.writestr(_member(name), content)
        written = hashlib.sha256(content).hexdigest()
        return Packed(number=1, original=sha256, name=name, written=written, contents=contents)

    def _left_out(self, name: str, sha256: str, number: int, problem: str) -> Packed:
        self._complain(name, problem)
        return Packed(number=number, original=sha256, problem=problem)

    def _original(self, picture: Picture) -> bytes | None:
        """None unless it is there, of its size and of its hash."""
        content = _read(self.files.original(picture), picture.sha256)
        return content if content is not None and len(content) == picture.bytes else None

    def _as_wanted(self, original: bytes, generation: Generation, picture: Picture) -> tuple[bytes, Contents]:
        """An image from outside has no settings to put inside. Raises Unreadable."""
        if self.contents is Contents.STRIPPED:
            return embedding.stripped(original), Contents.STRIPPED
        if self.contents is Contents.DESCRIBED and generation.provider != UPLOADED:
            return embedding.embedded(original, embedding.described(generation, picture)), Contents.DESCRIBED
        return original, Contents.ORIGINALS

    def _complain(self, name: str, sentence: str) -> None:
        self.problems.append(Problem(name=name, sentence=sentence))

    def _spooled(self, name: str, spool: IO[bytes]) -> None:
        spool.seek(0)
        with self.zipped.open(_member(name, packed=True), "w", force_zip64=True) as target:
            shutil.copyfileobj(spool, target)


def _read(path: Path, sha256: str) -> bytes | None:
    """The file; None unless it can be read and is of this hash."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _member(name: str, created_ms: int | None = None, *, packed: bool = False) -> zipfile.ZipInfo:
    """A file in the archive, dated when its image was made; images gain nothing from packing."""
    at = datetime.now(UTC) if created_ms is None else datetime.fromtimestamp(created_ms / 1000, UTC)
    date = (min(max(at.year, 1980), 2107), at.month, at.day, at.hour, at.minute, at.second)
    member = zipfile.ZipInfo(name, date)
    member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    member.external_attr = 0o100644 << 16
    return member

"""Bringing an archive back: by its manifest alone, each image through the decoder and against its hash.

A generation comes back whole or not at all, so that a better copy of the archive can still bring it. What
cannot be brought back is named, and the rest is imported; a second import adds nothing. The pictures that a
generation started from come with it; it comes without one that is missing, and a better copy can still bring that.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from atlas.language import later, tr
from atlas.models import Parameters
from atlas.text import excerpt
from studio import embedding
from studio.archives import manifest
from studio.archives.manifest import Contents, Entry, Packed
from studio.archives.zipped import BadArchive, BadMember, Limits, Opened, opened
from studio.generations import Picture
from studio.images import ImageFiles, NotAnImage
from studio.library import Library
from studio.references import PREFIX, addressed, hashes

__all__ = ["BadArchive", "Limits", "Problem", "Restored", "read"]

_MOST_PROBLEMS = 1000
_STRIPPED = later("It was exported without its metadata, so it is not byte for byte the original.")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that did not go well: the name of a file, a line or a generation, and a sentence."""

    name: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Restored:
    """How many generations are new, how many were here already, and what could not be done as asked."""

    added: int
    known: int
    problems: tuple[Problem, ...] = ()


def read(
    source: Path | IO[bytes],
    files: ImageFiles,
    library: Library,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    limits: Limits | None = None,
) -> Restored:
    """Import an archive, up to where it is cancelled.

    Raises BadArchive when it is none, and OSError when something cannot be read or written.
    """
    limits = limits or Limits()
    with opened(source, limits) as archive:
        total = sum(1 for _ in archive.lines(manifest.NAME, limit=manifest.LINE_LIMIT))
        if total > limits.members:
            raise BadArchive(
                tr("The manifest has more than {members:,} lines. Export it again in several parts.").format(
                    members=limits.members
                )
            )
        restoring = _Restoring(archive, files, library)
        restoring.complain_of(archive.refused.items())
        for done, line in enumerate(archive.lines(manifest.NAME, limit=manifest.LINE_LIMIT)):
            progress(done, total)
            if cancelled():
                break
            restoring.bring_back(line, tr("line {done} of {name}").format(done=done + 1, name=manifest.NAME))
        progress(total, total)
        return Restored(added=restoring.added, known=restoring.known, problems=tuple(restoring.problems))


@dataclass
class _Restoring:
    archive: Opened
    files: ImageFiles
    library: Library
    added: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)
    _references: dict[str, str] = field(default_factory=dict)

    def complain_of(self, refused: Iterable[tuple[str, str]]) -> None:
        for name, why in refused:
            self._complain(name, tr("It was refused: {why}.").format(why=why))

    def bring_back(self, line: bytes, place: str) -> None:
        """One line of the manifest, whatever is in it."""
        try:
            entry = manifest.parse(line)
            place = entry.item.id
            if self.library.items([place]):
                self.known += 1
                self._complete(entry)
                return
            pictures = tuple(picture for one in entry.packed if (picture := self._picture(entry, one)))
            parameters = self._with_references(entry)
            made = replace(entry.item.generation, pictures=pictures, parameters=parameters)
            item = replace(entry.item, generation=made)
            if self.library.bring_back(item, entry.events):
                self.added += 1
            else:
                self.known += 1
        except (ValueError, BadMember, NotAnImage) as refusal:
            self._complain(place, tr("It was not imported: {rstrip}.").format(rstrip=str(refusal).rstrip(".")))

    def _picture(self, entry: Entry, one: Packed) -> Picture | None:
        """The image, kept; None where it was left out at the export. Raises BadMember and NotAnImage."""
        described = entry.item.generation.pictures[one.number - 1]
        if one.contents is Contents.STRIPPED and one.name:
            self._complain(one.name, tr(_STRIPPED))
        content = self._checked(one) if one.name else self._kept_before(one)
        if content is None:
            self._complain(
                entry.item.id,
                tr("Image {number} was not in the archive: {problem}").format(number=one.number, problem=one.problem),
            )
            return None
        return self.files.keep(content, sensitive=described.sensitive)

    def _complete(self, entry: Entry) -> None:
        """What is here already gets the pictures it started from, where an older archive had none."""
        for one in entry.references:
            if one.name and one.contents is not Contents.STRIPPED:
                self._reference(entry, one)

    def _with_references(self, entry: Entry) -> Parameters:
        """The parameters, with the pictures they name kept here, and named as they are here."""
        parameters = entry.item.generation.parameters
        kept = {one.original: self._reference(entry, one) for one in entry.references}
        if all(before == now for before, now in kept.items()):
            return parameters
        return addressed(parameters, {name: PREFIX + kept.get(name, name) for name in hashes(parameters)})

    def _reference(self, entry: Entry, one: Packed) -> str:
        """The SHA-256 under which a picture it started from is here now; its own where it cannot be."""
        if self.files.find(one.original):
            return one.original
        if not one.name:
            self._complain(
                entry.item.id,
                tr("Reference picture {number} was not in the archive: {problem}").format(
                    number=one.number, problem=one.problem
                ),
            )
            return one.original
        if one.original not in self._references:
            self._references[one.original] = self._kept_reference(one)
        return self._references[one.original]

    def _kept_reference(self, one: Packed) -> str:
        try:
            kept = self.files.keep(self._content(one)).sha256
        except (BadMember, NotAnImage) as refusal:
            self._complain(
                one.name,
                tr("This reference picture was not imported: {rstrip}.").format(rstrip=str(refusal).rstrip(".")),
            )
            return one.original
        if one.contents is Contents.STRIPPED:
            self._complain(one.name, tr(_STRIPPED))
        return kept

    def _kept_before(self, one: Packed) -> bytes | None:
        path = self.files.find(one.original)
        return path.read_bytes() if path else None

    def _checked(self, one: Packed) -> bytes:
        """The bytes to keep, of a file that is nobody else's. Raises BadMember."""
        if one.name in self._used:
            raise BadMember(tr("{name} belongs to several images").format(name=one.name))
        self._used.add(one.name)
        return self._content(one)

    def _content(self, one: Packed) -> bytes:
        """The bytes to keep. Raises BadMember."""
        try:
            content = self.archive.image(one.name)
        except BadMember as refusal:
            raise BadMember(f"{one.name}: {refusal}") from None
        if hashlib.sha256(content).hexdigest() != one.written:
            raise BadMember(tr("{name}: it is not the file that was exported").format(name=one.name))
        if one.contents is Contents.DESCRIBED:
            content = self._plain(one.name, content)
        if one.contents is not Contents.STRIPPED and hashlib.sha256(content).hexdigest() != one.original:
            raise BadMember(tr("{name}: it is not the original").format(name=one.name))
        return content

    def _plain(self, name: str, content: bytes) -> bytes:
        try:
            return embedding.plain(content)
        except embedding.Unreadable as refusal:
            raise BadMember(f"{name}: {refusal}") from None

    def _complain(self, name: str, sentence: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(name=excerpt(name, 200), sentence=excerpt(sentence, 500)))

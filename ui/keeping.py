"""Taking the library out and bringing it in: export, import, backup, each beside whatever else people do."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO

import streamlit as st

from atlas.language import later, tr
from studio import archives, backup, naming, spreadsheets
from studio.archives import BadArchive, Cancelled, Contents, Restored, Written
from studio.backup import BackupProblem, Report, Stopped
from studio.errands import Cancelled as IsCancelled
from studio.errands import Errand, Progress
from studio.library import Item, Library
from studio.people import NotAllowed
from studio.search import Search
from ui import routes, services, session
from ui.text import one_line, plain

_TICK_S = 0.5
_CHUNK = 500
_EVERYTHING = 10_000_000
_CONTENTS = {
    Contents.ORIGINALS: later("Originals, byte for byte"),
    Contents.DESCRIBED: later("With prompt and settings inside, and the mark of AI images"),
    Contents.STRIPPED: later("Without any text inside"),
}
_EXPECTED = (ValueError, NotAllowed, BadArchive, BackupProblem, Cancelled, Stopped)


def export_button(ids: Sequence[str]) -> None:
    """What to put in the archive, and the start of it."""
    with st.popover(tr("Export"), icon=":material/archive:", key="bulk_export_how"):
        _export_form(ids, key="bulk")


def _export_form(ids: Sequence[str], *, key: str) -> None:
    contents = st.radio(
        tr("Images"), list(_CONTENTS), format_func=lambda kind: tr(_CONTENTS[kind]), key=f"{key}_contents"
    )
    campaign = st.text_input(
        tr("Campaign"), max_chars=60, key=f"{key}_campaign", help=tr("Part of every file name, if given.")
    )
    rule = st.text_input(
        tr("File names"),
        placeholder=naming.FOR_CAMPAIGN if campaign else naming.FOR_OTHERS,
        max_chars=200,
        key=f"{key}_rule",
        help=plain(
            tr("Fields: {join}. Equal names are numbered.").format(
                join=", ".join(f"{{{name}}}" for name in naming.FIELDS)
            )
        ),
    )
    wrong = _wrong(rule)
    if wrong:
        st.error(plain(wrong), icon=":material/error:")
    library = services.library()  # outside of the script, nobody visits
    with st.container(horizontal=True):
        if st.button(
            tr("Export"), type="primary", icon=":material/archive:", key=f"{key}_export", disabled=bool(wrong)
        ):
            _begin_export(ids, contents=contents, campaign=campaign, rule=rule)
            st.rerun()
        st.download_button(
            tr("Spreadsheet only (CSV)"),
            lambda: b"".join(spreadsheets.sheet(_items(ids, library), rule=rule, campaign=campaign)),
            "images.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            disabled=bool(wrong),
            key=f"{key}_csv",
        )


def _wrong(rule: str) -> str:
    """Why files cannot be named by this rule; empty when they can."""
    try:
        naming.checked(rule)
    except ValueError as trouble:
        return str(trouble)
    return ""


def _begin(name: str, work: Callable[[Progress, IsCancelled], object]) -> None:
    """Set it going, unless one of the kind is under way in this tab: a second press is no second export."""
    errands = services.errands()
    running = (errands.get(known) for known in session.errand_ids())
    if not any(one and one.name == name and not one.ended for one in running):
        session.run_errand(errands.begin(name, work, expected=_EXPECTED))


def _begin_export(ids: Sequence[str], *, contents: Contents, campaign: str, rule: str) -> None:
    running, library, store = services.start(), services.library(), services.store()

    def work(progress: Progress, cancelled: IsCancelled) -> tuple[str, Written]:
        path = running.exports.new()
        written = archives.write(
            path,
            _items(ids, library),
            running.files,
            store,
            total=len(ids),
            rule=rule,
            campaign=campaign,
            contents=contents,
            progress=progress,
            cancelled=cancelled,
        )
        return path.stem, written

    _begin("Export", work)


def _items(ids: Sequence[str], library: Library) -> Iterator[Item]:
    """A few at a time: an export of everything does not hold everything."""
    return chain.from_iterable(library.items(ids[start : start + _CHUNK]) for start in range(0, len(ids), _CHUNK))


def page() -> None:
    """Everything out, an archive in, and a backup of all there is."""
    out, back, safe = st.columns(3, gap="large")
    with out:
        st.header(tr("Export everything"), anchor=False)
        st.write(tr("One ZIP with images, settings, ratings and tags. To export a part, select images first."))
        _export_form(_Everything(), key="all")
    with back:
        st.header(tr("Import"), anchor=False)
        st.write(tr("A ZIP that was exported here comes back as it was. What is here already stays as it is."))
        archive = st.file_uploader(tr("Archive"), type=["zip"], key="import_archive", max_upload_size=1000)
        if archive and st.button(tr("Import"), type="primary", icon=":material/unarchive:"):
            _begin_import(archive)
            st.rerun()
    with safe:
        if not services.person().sees_all:
            return  # it holds what everybody made
        st.header(tr("Back up"), anchor=False)
        st.write(
            tr("The database and every original, in a folder of their own in the data folder, read again to be sure.")
        )
        if st.button(tr("Back up now"), type="primary", icon=":material/backup:"):
            _begin_backup()
            st.rerun()
        st.caption(
            tr(
                "Copy that folder to another disk. It comes back with: python -m studio.backup restore FOLDER, "
                "into an empty studio."
            )
        )


class _Everything(Sequence[str]):
    """The ids of the whole library, read when they are first needed."""

    def __init__(self) -> None:
        self._library = services.library()
        self._ids: list[str] | None = None

    def _all(self) -> list[str]:
        if self._ids is None:
            self._ids = self._library.ids(Search(), limit=_EVERYTHING)
        return self._ids

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        return self._all()[at]


def _begin_import(archive: IO[bytes]) -> None:
    files, library = services.files(), services.library()

    def work(progress: Progress, cancelled: IsCancelled) -> Restored:
        return archives.read(archive, files, library, progress=progress, cancelled=cancelled)

    _begin("Import", work)


def _begin_backup() -> None:
    chosen, viewer = services.start().settings, services.person()
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")

    def work(progress: Progress, cancelled: IsCancelled) -> Report:
        folder = chosen.data_dir / "backups" / name
        folder.parent.mkdir(exist_ok=True)
        made = backup.create(chosen, folder, viewer=viewer, progress=progress, cancelled=cancelled)
        read_again = backup.verify(folder, progress=progress, cancelled=cancelled)
        return read_again if read_again.faults else made

    _begin("Backup", work)


def errands() -> None:
    """What this tab has set going, each as far as it is."""
    for errand_id in session.errand_ids():
        found = services.errands().get(errand_id)
        if found and not found.ended:
            session.await_errand(errand_id)
            _under_way(errand_id)
        else:
            _tell(errand_id, found)
            _ended(errand_id, found)


@st.fragment(run_every=_TICK_S)
def _under_way(errand_id: str) -> None:
    found = services.errands().get(errand_id)
    if found is None or found.ended:
        _tell(errand_id, found)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        remaining = tr(", about {remaining:.0f} s to go").format(remaining=found.remaining) if found.remaining else ""
        text = tr("{name}: {done:,} of {total:,}, {seconds:.0f} s{remaining}").format(
            name=found.name, done=found.done, total=found.total, seconds=found.seconds, remaining=remaining
        )
        st.progress(min(1.0, found.done / found.total) if found.total else 0.0, text=text)
        st.button(tr("Cancel"), key=f"cancel_{found.id}", on_click=found.cancel)


def _tell(errand_id: str, found: Errand | None) -> None:
    """Once, to whoever waited for it; the page is drawn anew to say it."""
    if errand_id in session.awaited_errands():
        session.told_of_errand(errand_id)
        session.say(_told(found))
        st.rerun()


def _told(found: Errand | None) -> str:
    """How it ended, for whoever hears it."""
    if found is None or found.problem or found.is_cancelled:
        return tr("{name} has stopped. The page says why.").format(
            name=found.name if found else tr("What was under way")
        )
    return tr("{name} is done.").format(name=found.name)


def _ended(errand_id: str, found: Errand | None) -> None:
    with st.container(border=True, key=f"errand_{errand_id}"):
        if found is None:
            st.info(tr("What was under way here ended with the server. Start it again."), icon=":material/info:")
        elif found.is_cancelled and found.problem:
            st.info(plain(found.problem), icon=":material/block:")
        elif found.problem:
            st.warning(plain(found.problem), icon=":material/error:")
        else:
            _result(found)
        st.button(
            tr("Dismiss"),
            type="tertiary",
            key=f"dismiss_{errand_id}",
            on_click=session.dismiss_errand,
            args=(errand_id,),
        )


def _result(found: Errand) -> None:
    match found.result:
        case (str(token), Written() as written):
            st.markdown(
                tr("**Export ready:** {images}, {size}. Kept for a day.").format(
                    images=_images(written.images), size=_size(written.bytes)
                )
            )
            name = f"atlas-studio-{time.strftime('%Y-%m-%d')}.zip"
            st.link_button(tr("Download"), routes.export_url(token, name), icon=":material/download:", type="primary")
            _problems([f"{problem.name}: {problem.sentence}" for problem in written.problems])
        case Restored() as restored:
            known = tr(" {known:,} were here already.").format(known=restored.known) if restored.known else ""
            done = tr("Import cancelled") if found.is_cancelled else tr("Import done")
            st.markdown(
                tr("**{done}:** {added:,} brought in.{known}").format(done=done, added=restored.added, known=known)
            )
            _problems([f"{problem.name}: {problem.sentence}" for problem in restored.problems])
        case Report() as report:
            checked = tr("made, with faults") if report.faults else tr("made and read again")
            place = plain(str(Path("backups") / report.folder.name))
            st.markdown(
                tr("**Backup {checked}:** {images}, {size}, in {place}.").format(
                    checked=checked, images=_images(report.files), size=_size(report.bytes), place=place
                )
            )
            _problems([*report.faults, *report.notes])


def _problems(sentences: Sequence[str]) -> None:
    if sentences:
        st.warning(tr("{count:,} could not be done as asked:").format(count=len(sentences)), icon=":material/warning:")
        for sentence in sentences[:50]:
            st.caption(one_line(sentence, 400))


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def _size(count: int) -> str:
    return (
        f"{count / 1e9:.1f} GB"
        if count >= 1e9
        else f"{count / 1e6:.1f} MB"
        if count >= 1e6
        else f"{count / 1e3:.0f} kB"
    )

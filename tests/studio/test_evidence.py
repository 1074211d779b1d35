"""The evidence of a review: a file that proves itself, and names the entry and the line that was changed."""

import csv
import hashlib
import io
import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, update

from studio import verify
from studio.database import open_database
from studio.images import ImageFiles
from studio.reviews import manifest
from studio.reviews.ballots import Choice
from studio.reviews.chain import linked
from studio.reviews.desk import Reviews
from studio.reviews.differences import readable, same_numbers
from studio.reviews.evidence import Record, Written, write
from studio.reviews.manifest import CHAIN, DECISIONS, NAME, PINS, PLAN, RESULTS, REVIEWERS, SEED, VOTES
from studio.reviews.plan import Ends, Stop, canonical
from studio.reviews.results import of_review
from studio.reviews.sealed import MOST_ENTRIES, Wrong, pack
from studio.reviews.verdict import enough
from studio.schema import ballots, decisions
from tests.serving import CHECKOUT
from tests.studio import bundles
from tests.studio.bundles import EVIL, a_plan, closed, held, repacked, resealed, unpacked


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="module")
def pictures(folder: Path) -> ImageFiles:
    return ImageFiles(folder / "images")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{folder / 'studio.db'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def kept(engine: Engine, pictures: ImageFiles) -> Record:
    return held(engine, a_plan(pictures))


@pytest.fixture(scope="module")
def written(folder: Path, kept: Record, pictures: ImageFiles) -> Written:
    return write(folder / "bundle.zip", kept, pictures)


@pytest.fixture(scope="module")
def bundle(folder: Path, written: Written) -> Path:
    assert written.images == 12
    return folder / "bundle.zip"


@pytest.fixture(scope="module")
def contents(bundle: Path) -> dict[str, bytes]:
    return unpacked(bundle)


def verified(path: Path) -> verify.Verified:
    with path.open("rb") as file:
        return verify.verify(file)


def wrong(path: Path) -> Wrong:
    """What is found to be wrong; anything else that is raised fails the test."""
    with pytest.raises(Wrong) as found:
        verified(path)
    assert str(found.value).startswith(found.value.entry)
    return found.value


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio.verify", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_record_of_either_database_verifies(database_url: str, tmp_path: Path, files: ImageFiles) -> None:
    engine = open_database(database_url)
    kept = held(engine, a_plan(files, draws=2))
    written = write(tmp_path / "bundle.zip", kept, files)
    engine.dispose()
    found = verified(tmp_path / "bundle.zip")

    assert found.exact
    assert found.told.ballots == tuple(kept.ballots)
    assert any(ballot.changed > ballot.given for ballot in found.told.ballots)
    assert (found.manifest.seal, found.told.head) == (written.seal, written.head)
    assert found.results == of_review(kept.review, kept.ballots, kept.reviewers)


def test_the_command_says_what_it_checked(bundle: Path, written: Written, kept: Record) -> None:
    done = run(str(bundle))

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "SIMULATED. Evidence of the review “Breakfast cups 早餐杯”"
    assert f"{len(kept.ballots)} answers of 3 reviewers, each on the sides of the schedule" in done.stdout
    assert "equal to the last digit" in done.stdout
    assert "decisions: 2, each in the chain; the last: approved" in done.stdout
    assert lines[-2] == f"VERIFIED. Compare the seal {written.seal}"
    assert lines[-1].endswith(f"{written.head}.")


def test_the_command_needs_no_letters_that_the_terminal_lacks(bundle: Path) -> None:
    done = run(str(bundle), PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_processor_that_rounds_differently_finds_the_same(bundle: Path) -> None:
    simd: Mapping[str, Any] = np.show_config(mode="dicts")["SIMD Extensions"]
    done = run(str(bundle), NPY_DISABLE_CPU_FEATURES=" ".join(simd["found"]), OPENBLAS_CORETYPE="Nehalem")

    assert done.returncode == 0, done.stderr
    assert "recomputed from the votes, equal to" in done.stdout


def test_a_tenth_digit_is_rounding_and_an_eighth_is_not() -> None:
    number = 0.123456789012345
    assert same_numbers(readable({"a": [number, "x"]}), readable({"a": [number + 1e-11, "x"]}))
    assert not same_numbers(readable({"a": [number]}), readable({"a": [number + 1e-8]}))
    assert not same_numbers(readable({"a": [1]}), readable({"a": [1.0]}))
    assert not same_numbers(readable({"a": [True]}), readable({"a": [1]}))
    assert not same_numbers(readable({"a": "1"}), readable({"a": "1 "}))
    assert not same_numbers(readable({"a": 1.0}), readable({"a": 1.0, "b": 1.0}))
    assert not same_numbers(b' {"a":1.0}', readable({"a": 1.0}))


def test_any_zip_program_can_open_it(bundle: Path, kept: Record) -> None:
    with zipfile.ZipFile(bundle) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        assert names[: len(manifest.TEXTS)] == list(manifest.TEXTS)
        assert names[-1] == NAME
        for name in names:
            if name.startswith(manifest.IMAGES):
                assert hashlib.sha256(opened.read(name)).hexdigest() == Path(name).stem
        assert opened.read(PLAN).decode() == kept.review.plan.text()


def test_the_same_review_gives_the_same_bytes(bundle: Path, tmp_path: Path, kept: Record, pictures: ImageFiles) -> None:
    write(tmp_path / "again.zip", kept, pictures)
    stream = io.BytesIO()
    write(stream, kept, pictures)

    assert (tmp_path / "again.zip").read_bytes() == stream.getvalue() == bundle.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.zip"]


def test_what_lets_a_browser_vote_and_where_the_files_lie_stays_at_home(
    bundle: Path, kept: Record, folder: Path
) -> None:
    whole = bundle.read_bytes()

    for reviewer in kept.reviewers:
        assert reviewer.id.encode() not in whole
        assert reviewer.seat.encode() not in whole
    assert b"browser 0" not in whole
    assert str(folder).encode() not in whole
    assert str(CHECKOUT).encode() not in whole


def test_it_says_that_it_is_simulated_wherever_somebody_may_look(contents: dict[str, bytes]) -> None:
    for name in ("README.txt", "report.html", RESULTS, VOTES, NAME):
        assert b"SIMULATED" in contents[name], name


def test_a_review_of_real_images_does_not_say_that_it_is_simulated(
    engine: Engine, pictures: ImageFiles, tmp_path: Path
) -> None:
    write(tmp_path / "real.zip", closed(engine, a_plan(pictures, simulated=False), "real"), pictures)

    assert b"SIMULATED" not in (tmp_path / "real.zip").read_bytes()
    assert verified(tmp_path / "real.zip").told.ballots == ()


def test_three_arms_and_a_rule_of_evidence_verify(engine: Engine, pictures: ImageFiles, tmp_path: Path) -> None:
    plan = a_plan(pictures, draws=2, arms=3, stop=Stop(rule=Ends.EVIDENCE, votes=12))
    kept = held(engine, plan, people=3, review_id="three")
    write(tmp_path / "three.zip", kept, pictures)

    assert kept.review.closed_by == Ends.EVIDENCE
    assert verified(tmp_path / "three.zip").results.main.strengths


# What has no evidence


def test_only_a_closed_review_has_evidence(engine: Engine, pictures: ImageFiles, tmp_path: Path, kept: Record) -> None:
    reviews = Reviews(engine, enough=enough)
    draft = reviews.make("draft", a_plan(pictures), seed=bundles.SEED)
    for review in (draft, reviews.open("draft")):
        with pytest.raises(ValueError, match=r"Only a closed review has evidence\. Close it"):
            write(tmp_path / "bundle.zip", replace(kept, review=review), pictures)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_a_review_whose_images_are_not_all_there_has_none(
    kept: Record, pictures: ImageFiles, tmp_path: Path, damage: str
) -> None:
    path = pictures.find(kept.review.plan.picture(0, 1))
    assert path
    content = path.read_bytes()
    try:
        path.write_bytes(content[:-1]) if damage == "damaged" else path.unlink()
        with pytest.raises(ValueError, match=f"The image {path.stem[:12]}… of this review is missing or damaged"):
            write(tmp_path / "bundle.zip", kept, pictures)
    finally:
        path.write_bytes(content)
    assert list(tmp_path.iterdir()) == []


def test_votes_that_were_changed_in_the_database_are_noticed(
    kept: Record, engine: Engine, pictures: ImageFiles, tmp_path: Path
) -> None:
    reviews = Reviews(engine, enough=enough)
    mine = (ballots.c.review == bundles.REVIEW) & (ballots.c.reviewer == 0)
    before = {ballot.item: ballot.choice for ballot in kept.ballots if ballot.reviewer == 0}
    with engine.begin() as connection:
        connection.execute(update(ballots).where(mine).values(choice=Choice.BAD))
    changed = replace(kept, ballots=reviews.ballots(bundles.REVIEW))
    with pytest.raises(ValueError, match=r"not those of the record\. Restore the database"):
        write(tmp_path / "bundle.zip", changed, pictures)
    with engine.begin() as connection:
        connection.execute(update(decisions).where(decisions.c.review == bundles.REVIEW).values(words="x"))
    assert before
    assert list(tmp_path.iterdir()) == []


# What is changed is found


def test_one_changed_byte_of_any_entry_is_named(contents: dict[str, bytes], tmp_path: Path) -> None:
    dice = random.Random(1)
    for name, content in contents.items():
        places = {
            0,
            len(content) // 2,
            len(content) - 1,
            *(dice.randrange(len(content)) for _ in range(1 if "/" in name else 3)),
        }
        for place in sorted(places):
            changed = bytearray(content)
            changed[place] ^= 1
            path = repacked(tmp_path / "changed.zip", {**contents, name: bytes(changed)})
            assert wrong(path).entry == name, (name, place)


def test_one_changed_byte_of_the_file_itself_is_found(bundle: Path, tmp_path: Path) -> None:
    whole = bundle.read_bytes()
    table = struct.unpack_from("<I", whole, len(whole) - 6)[0]
    headers = [*range(60), *range(table, table + 120), *range(len(whole) - 40, len(whole))]
    path = tmp_path / "changed.zip"
    for place in sorted({*headers, *range(0, len(whole), 5_987)}):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        wrong(path)


def test_a_changed_vote_is_named_with_its_line(contents: dict[str, bytes], tmp_path: Path) -> None:
    lines = contents[CHAIN].split(b"\n")
    row = next(number for number, line in enumerate(lines) if b'choice\\":\\"left' in line)
    lines[row] = lines[row].replace(b'choice\\":\\"left', b'choice\\":\\"tie')
    path = repacked(tmp_path / "changed.zip", {**contents, CHAIN: b"\n".join(lines)})

    assert (wrong(path).entry, wrong(path).row) == (CHAIN, row + 1)
    done = run(str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"NOT VERIFIED. {CHAIN}, line {row + 1}: its hash does not fit")


def test_a_changed_vote_is_found_under_a_new_manifest_too(contents: dict[str, bytes], tmp_path: Path) -> None:
    lines = contents[CHAIN].split(b"\n")
    row = next(number for number, line in enumerate(lines) if b'choice\\":\\"left' in line)
    lines[row] = lines[row].replace(b'choice\\":\\"left', b'choice\\":\\"tie')
    found = wrong(resealed(tmp_path / "changed.zip", {**contents, CHAIN: b"\n".join(lines)}))

    assert (found.entry, found.row) == (CHAIN, row + 1)


Told = list[dict[str, Any]]


def forged(path: Path, contents: Mapping[str, bytes], change: Callable[[Told], object]) -> Path:
    """The chain with other entries, all its hashes and the manifest made anew."""
    told = [json.loads(json.loads(line)["body"]) for line in contents[CHAIN].splitlines()]
    change(told)
    head, lines = hashlib.sha256(contents[PLAN]).hexdigest(), []
    for sequence, body in enumerate(map(canonical, told), 1):
        head = linked(head, body)
        lines.append(canonical({"sequence": sequence, "body": body, "hash": head}) + "\n")
    return resealed(path, {**contents, CHAIN: "".join(lines).encode()}, head=head)


def _votes(told: Told) -> Told:
    return [each for each in told if each["what"] == "ballot"]


def _swap_sides(told: Told) -> None:
    vote = _votes(told)[-1]
    vote["left"], vote["right"] = vote["right"], vote["left"]


FORGERIES: Mapping[str, tuple[Callable[[Told], object], str]] = {
    "another answer": (lambda told: _votes(told)[-1].update(choice="bad"), f"{RESULTS}|{VOTES}"),
    "another duration": (lambda told: _votes(told)[-1].update(seconds=1.25), f"{RESULTS}|{VOTES}"),
    "other sides": (_swap_sides, "was not shown this pair"),
    "another place": (lambda told: _votes(told)[-1].update(number=99), "was not shown this pair"),
    "another question": (lambda told: _votes(told)[0].update(question="artificial"), "that was not asked"),
    "somebody else's vote": (lambda told: _votes(told)[-1].update(reviewer="R9"), "nobody of this name"),
    "an answer left out": (lambda told: told.remove(_votes(told)[-1]), "the review was not over by its plan"),
    "an answer afterwards": (lambda told: told.append(_votes(told)[0]), "was not open at this place"),
    "closed by another rule": (lambda told: told[-3].update(by="date"), "was not over by its plan"),
    "closed by hand": (lambda told: told[-3].update(by="hand"), f"{RESULTS}"),
    "never closed": (lambda told: told.__delitem__(slice(-3, None)), "does not say that the review was closed"),
    "another decision": (lambda told: told[-1].update(state="rejected"), f"{DECISIONS}, line 2"),
    "a decision left out": (lambda told: told.pop(), DECISIONS),
    "about other images": (lambda told: told[-1].update(hashes=[]), "says something else"),
    "made real": (lambda told: told[2].update(synthetic=True), REVIEWERS),
    "never opened": (lambda told: told.pop(1), "was not open at this place"),
    "another plan": (lambda told: told[0].update(plan="0" * 64), "says something else"),
    "planned twice": (lambda told: told.insert(1, told[0]), "only the first"),
    "a note": (lambda told: told.insert(2, {"what": "note", "at": 1}), "of a kind that this version"),
    "a remark in it": (lambda told: _votes(told)[0].update(note="x"), "something more"),
    "no time": (lambda told: told[3].pop("at"), "is no entry that Atlas Studio writes"),
    "a time in words": (lambda told: told[3].update(at="noon"), "is no entry that Atlas Studio writes"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_chain_with_all_hashes_made_anew_is_found_by_what_it_says(
    contents: dict[str, bytes], tmp_path: Path, forgery: str
) -> None:
    change, expected = FORGERIES[forgery]
    found = str(wrong(forged(tmp_path / "forged.zip", contents, change)))

    assert any(part in found for part in expected.split("|")), found


def test_the_review_cannot_go_on_after_its_plan_was_fulfilled(contents: dict[str, bytes], tmp_path: Path) -> None:
    def late(told: Told) -> None:
        told.insert(-3, {"what": "joined", "at": told[-4]["at"], "reviewer": "R4", "synthetic": False})

    assert "was over by its plan" in str(wrong(forged(tmp_path / "forged.zip", contents, late)))


def test_a_bundle_invented_as_a_whole_verifies_and_has_another_seal(
    engine: Engine, written: Written, contents: dict[str, bytes], pictures: ImageFiles, tmp_path: Path
) -> None:
    invented = held(engine, a_plan(pictures), review_id="invented")
    seal = write(tmp_path / "invented.zip", invented, pictures).seal

    assert verified(tmp_path / "invented.zip").manifest.seal == seal != written.seal
    assert b"can invent a whole review" in contents["README.txt"]


def _replaced(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(contents: dict[str, bytes]) -> dict[str, bytes]:
        assert old in contents[name]
        return {**contents, name: contents[name].replace(old, new, 1)}

    return change


RESEALED: Mapping[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "a number": (_replaced(RESULTS, b'"votes": 18', b'"votes": 19'), RESULTS),
    "a vote in the table": (_replaced(VOTES, b'"left"', b'"right"'), VOTES),
    "a decision": (_replaced(DECISIONS, b"approved", b"rejected"), DECISIONS),
    "a role": (_replaced(REVIEWERS, b"Design", b"Ceiling"), f"{RESULTS}|{VOTES}"),
    "a reviewer": (lambda all_: {**all_, REVIEWERS: all_[REVIEWERS].split(b"\n", 1)[1]}, f"{REVIEWERS}, line 1"),
    "all reviewers": (lambda all_: {**all_, REVIEWERS: b""}, "lists 0 of 3 reviewers"),
    "a pin": (_replaced(PINS, b'"x":0.25', b'"x":1.25'), f"{PINS}, line 4"),
    "the plan": (_replaced(PLAN, b'"margin":0.1', b'"margin":0.2'), f"{CHAIN}, line 1"),
    "the form of the plan": (_replaced(PLAN, b'{"alpha"', b'{ "alpha"'), PLAN),
    "the seed": (lambda all_: {**all_, SEED: b"another\n"}, SEED),
    "the end of the seed": (lambda all_: {**all_, SEED: all_[SEED].strip()}, SEED),
    "letters": (lambda all_: {**all_, REVIEWERS: b"\xff\xfe\n"}, f"{REVIEWERS}, line 1"),
    "depth": (lambda all_: {**all_, PINS: b"[" * 200_000 + b"\n"}, f"{PINS}, line 1"),
    "no object": (lambda all_: {**all_, PINS: b"7\n"}, f"{PINS}, line 1"),
    "half a line": (lambda all_: {**all_, PINS: b"{}"}, "does not end with a whole line"),
    "no numbers": (lambda all_: {**all_, RESULTS: b"NaN"}, RESULTS),
    "no chain": (lambda all_: {**all_, CHAIN: b""}, CHAIN),
    "no plan": (lambda all_: {**all_, PLAN: b"null"}, PLAN),
    "an entry more": (lambda all_: {**all_, "run-me.exe": b"MZ"}, "run-me.exe: is no entry of a bundle"),
    "an image more": (lambda all_: {**all_, f"images/{'0' * 64}.png": b"x"}, "is not the image that its name says"),
}


@pytest.mark.parametrize("change", RESEALED)
def test_an_entry_changed_under_a_new_manifest_is_named(
    contents: dict[str, bytes], tmp_path: Path, change: str
) -> None:
    made, expected = RESEALED[change]
    found = str(wrong(resealed(tmp_path / "changed.zip", made(contents))))

    assert any(part in found for part in expected.split("|")), found


def test_an_image_that_is_swapped_missing_or_strange_is_named(contents: dict[str, bytes], tmp_path: Path) -> None:
    images = [name for name in contents if name.startswith(manifest.IMAGES)]
    first, second = images[:2]
    stranger = f"images/{hashlib.sha256(b'x').hexdigest()}.png"
    path = tmp_path / "changed.zip"

    assert wrong(resealed(path, {**contents, first: contents[second], second: contents[first]})).entry == first
    assert Path(wrong(resealed(path, _without(contents, first))).entry).stem == Path(first).stem
    assert wrong(resealed(path, {**contents, stranger: b"x"})).entry == stranger


@pytest.mark.parametrize("name", [*manifest.TEXTS, NAME])
def test_a_missing_entry_is_named(contents: dict[str, bytes], tmp_path: Path, name: str) -> None:
    assert wrong(repacked(tmp_path / "less.zip", _without(contents, name))).entry == name
    if name != NAME:
        assert wrong(resealed(tmp_path / "resealed.zip", _without(contents, name))).entry == name


def test_an_entry_that_the_manifest_does_not_know_is_named(contents: dict[str, bytes], tmp_path: Path) -> None:
    assert wrong(repacked(tmp_path / "more.zip", {**contents, "more.txt": b"x"})).entry == "more.txt"


# Files from anywhere


def test_what_is_no_bundle_is_refused_in_one_line(bundle: Path, tmp_path: Path, contents: dict[str, bytes]) -> None:
    whole, path = bundle.read_bytes(), tmp_path / "any.zip"
    bombs = io.BytesIO()
    with zipfile.ZipFile(bombs, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr(PLAN, b"0" * 50_000_000)
    packed_again = io.BytesIO()
    with zipfile.ZipFile(packed_again, "w", zipfile.ZIP_DEFLATED) as again:
        for name, content in contents.items():
            again.writestr(name, content)
    crowd = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 0, 0, 0)
    for content in (b"", b"PK", b"x" * 5000, whole[:-1], whole[1:], whole + b"\0", bombs.getvalue(), crowd):
        path.write_bytes(content)
        wrong(path)
    path.write_bytes(packed_again.getvalue())
    assert "packed again" in str(wrong(path))


@pytest.mark.parametrize(
    "name", ["../plan.json", "/etc/passwd", "images/../../x", "C:\\x", "a\nb", "\x1b[31m", "", "a/b/c"]
)
def test_a_name_that_leads_elsewhere_is_refused(contents: dict[str, bytes], tmp_path: Path, name: str) -> None:
    found = wrong(repacked(tmp_path / "changed.zip", {name: b"x", **contents}))

    assert "has a name that no bundle of Atlas Studio has" in str(found)
    assert str(found).isprintable()


def test_a_name_that_is_there_twice_is_refused(contents: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with path.open("wb") as file:
        pack(file, [*contents.items(), (PLAN, contents[PLAN])])

    assert str(wrong(path)) == "plan.json: is there twice."


def test_more_than_fits_into_a_bundle_is_refused() -> None:
    with pytest.raises(ValueError, match="Review fewer at a time"):
        pack(io.BytesIO(), ((f"images/{number}", b"") for number in range(MOST_ENTRIES + 1)))


def test_a_file_that_is_not_there_or_a_folder_is_said_in_a_line(tmp_path: Path) -> None:
    for path in (tmp_path / "none.zip", tmp_path):
        done = run(str(path))
        assert done.returncode == 1
        assert done.stderr.startswith("NOT VERIFIED. ")
        assert done.stderr.count("\n") == 1


def test_no_value_of_a_wrong_kind_in_plan_or_chain_gets_past_as_anything_but_a_named_entry(
    contents: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, path = random.Random(3), tmp_path / "odd.zip"
    odd: list[Any] = [None, "x", -1, 10**30, 1.5, [], {}, True, [[]]]
    plan = json.loads(contents[PLAN])
    for place in _places(plan):
        text = canonical(_changed(plan, place, dice.choice(odd))).encode()
        root = hashlib.sha256(text).hexdigest()
        changed = {**contents, PLAN: text}

        def anew(told: Told, root: str = root) -> None:
            told[0]["plan"] = root

        _wrong_or_well(forged(path, changed, anew), capsys)
    vote = next(json.loads(json.loads(line)["body"]) for line in contents[CHAIN].splitlines() if b"ballot" in line)
    for place in _places(vote):
        for value in odd:

            def vary(told: Told, place: Sequence[str | int] = place, value: object = value) -> None:
                number = next(number for number, each in enumerate(told) if each["what"] == "ballot")
                told[number] = _changed(vote, place, value)

            _wrong_or_well(forged(path, contents, vary), capsys)


def _wrong_or_well(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Some changes are harmless by themselves, such as the name of the plan; none ends in anything but a line."""
    code = verify.main([str(path)])
    told = capsys.readouterr()

    assert (code, told.err.count("\n"), bool(told.out)) in {(0, 0, True), (1, 1, False)}
    assert code == 0 or told.err.startswith(
        tuple(f"NOT VERIFIED. {name}" for name in (*manifest.TEXTS, manifest.IMAGES, NAME))
    )


def _places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value; of a list only its first."""
    if at:
        yield at
    if isinstance(value, dict):
        for name in value:
            yield from _places(value[name], (*at, name))
    elif isinstance(value, list) and value:
        yield from _places(value[0], (*at, 0))


def _changed(value: Any, place: Sequence[str | int], new: object) -> Any:
    copy = json.loads(json.dumps(value))
    inner = copy
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = new
    return copy


def _without(contents: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {key: content for key, content in contents.items() if key != name}


# The votes for spreadsheets


def test_the_votes_are_a_table_with_one_row_per_answer(contents: dict[str, bytes], kept: Record) -> None:
    assert contents[VOTES].startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(contents[VOTES].decode("utf-8-sig"))))

    assert len(rows) == len(kept.ballots)
    for row, ballot in zip(rows, kept.ballots, strict=True):
        assert row["reviewer"] == f"R{ballot.reviewer + 1}"
        assert (row["kind"], row["question"], row["choice"]) == (ballot.kind, ballot.question, ballot.choice)
        assert row["left_sha256"] == kept.review.plan.picture(ballot.left.arm, ballot.left.draw)
        assert row["chosen_arm"] == (kept.review.plan.labels[ballot.winner.arm] if ballot.winner else "")
        assert float(row["seconds"]) == ballot.seconds
    assert {row["language"] for row in rows} == {"de", "中文"}


def test_no_cell_of_the_table_is_a_formula_or_a_name(contents: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(contents[VOTES].decode("utf-8-sig"))))

    cells = {cell for row in rows for cell in row}
    assert "'=1+1" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert not any(EVIL in cell or "美玲" in cell for cell in cells)

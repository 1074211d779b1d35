"""What a finished review tells somebody who reads Chinese: the report, the finding with its reason, the sheet."""

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from atlas.language import speaking
from studio.contact_sheet import Cell, Column, Sheet, as_html
from studio.database import open_database
from studio.images import ImageFiles
from studio.power import advice
from studio.prompts import listed
from studio.reviews.evidence import write
from studio.reviews.plan import Ends, Question
from tests.studio import panels
from tests.studio.bundles import EVIL, a_plan, held
from tests.studio.panels import found, votes

# What is the same in Chinese: letters of arms, reviewers and formulas, names of methods, of files and of time.
SAME = {"A", "B", "C", "D", "R", "p", "e", "SHA", "UTC", "alpha", "Krippendorff's", "Holm", "README.txt"}
LATIN = re.compile(r"[A-Za-z][A-Za-z'.]*[A-Za-z']|[A-Za-z]")
# What people wrote into the review of the tests, and what its images were made with.
DATA = f"{EVIL[:60]} {EVIL} Mei Ana Jörg Noor Once more, brighter. Design Sales de openai/gpt-image-1.5 n cup"


def english(text: str) -> set[str]:
    bare = re.sub(r"\b[0-9a-f]{64}\b", " ", text)
    return set(LATIN.findall(bare)) - SAME - set(LATIN.findall(DATA))


def shown(page: bytes) -> str:
    """Every text that a reader can see or hear."""
    text = re.sub(r"<style>.*?</style>|data:[^\"]*", "", page.decode(), flags=re.DOTALL)
    heard = " ".join(re.findall(r'(?:aria-label|alt)="([^"]*)"', text))
    return html.unescape(f"{heard} {re.sub('<[^>]*>', ' ', text)}")


@pytest.fixture(scope="module", params=[(2, 9), (3, 3)], ids=["about prompts", "three arms"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    arms, draws = request.param
    folder: Path = tmp_path_factory.mktemp("chinese")
    files, engine = ImageFiles(folder / "images"), open_database(f"sqlite:///{folder / 'studio.db'}")
    plan = a_plan(files, draws=draws, arms=arms, name="早餐杯", brief="早餐用的杯子")
    plan = replace(plan, arms=tuple(replace(arm, label=f"方案{place}") for place, arm in enumerate(plan.arms)))
    kept = held(engine, plan, people=3)
    with speaking("zh-TW"):
        write(folder / "bundle.zip", kept, files)
    engine.dispose()
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        yield bundle.read("report.html")


def test_the_report_has_no_english_sentence_but_those_of_its_data(report: bytes) -> None:
    assert english(shown(report)) == set()


def test_the_report_says_its_language_and_writes_dates_as_its_readers_do(report: bytes) -> None:
    assert '<html lang="zh-TW">' in report.decode()
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d UTC", shown(report))


def test_the_contact_sheet_is_in_the_language_of_its_reader() -> None:
    column = Column(label="方案", prompt="杯子", facts="1024")
    sheet = Sheet(title="早餐杯", subtitle="", columns=(column,), rows=((Cell(picture=b"no picture", note=""),),))

    with speaking("zh-TW"):
        page = as_html(sheet)

    assert '<html lang="zh-TW">' in page.decode()
    assert english(shown(page)) == set()


@pytest.mark.parametrize(
    ("question", "same_prompt"), [(Question.PREFERENCE, True), (Question.BRIEF, False), (Question.ARTIFICIAL, False)]
)
@pytest.mark.parametrize("pairs", [1, 8])
@pytest.mark.parametrize("told", ["FFFFFFS", "FS" * 60, "BBBBFF", "FFS", "TTTTT", "", "FFFFSS"])
def test_every_finding_its_number_and_its_reason_are_in_chinese(
    question: Question, same_prompt: bool, pairs: int, told: str
) -> None:
    ballots = votes(dict.fromkeys(range(1, pairs + 1), told) if told else {}, question=question)
    for rule in Ends:
        plan = panels.a_plan(pairs=pairs, same_prompt=same_prompt, questions=(question,), rule=rule)
        for by_plan in (True, False):
            with speaking("zh-TW"):
                finding = found(plan, ballots, by_plan=by_plan)
                said = f"{finding.sentence} {finding.number} {finding.reason} {finding.about} {finding.outcome_words}"
            assert english(said) == set(), said


def test_what_a_plan_can_see_and_what_is_wrong_with_a_list_are_in_chinese() -> None:
    with speaking("zh-TW"):
        seen = [words for plan in ((1, 1), (1, 6), (6, 9)) for words in advice(*plan)]
        wrong = listed('colour,prompt\nred\nred,\n"', "list.csv").problems

    assert english(" ".join((*seen, *wrong))) == set()
    assert len(wrong) == 3

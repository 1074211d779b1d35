"""File names: by a rule, and safe wherever they land."""

import re
import unicodedata
from pathlib import Path

import pytest

from atlas.models import Parameters
from studio.generations import Generation, Picture, Slot, State
from studio.naming import FIELDS, Names, checked

PICTURE = Picture(sha256="0" * 64, format="png", width=512, height=768, bytes=1)
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)(\.|$)", re.IGNORECASE)


def made(prompt: str, *, run: str = "abc", number: int = 1, parameters: Parameters | None = None) -> Generation:
    return Generation(
        id="0123456789ab0000",
        slot=Slot(run=run, number=number),
        provider="simulator",
        model="openai/gpt-image-1.5/text-to-image",
        prompt=prompt,
        parameters=parameters or {},
        state=State.COMPLETED,
        created=1_767_323_045_000,
    )


def test_a_campaign_has_its_arm_its_size_and_the_number_of_the_draw() -> None:
    names = Names(campaign="Spring 2026")

    assert names.name(made("x", run="e-A"), PICTURE) == "Spring-2026_A_512x768_v1.png"
    assert names.name(made("x", run="e-B", number=7), PICTURE) == "Spring-2026_B_512x768_v7.png"
    assert names.name(made("x"), PICTURE) == "Spring-2026_512x768_v1.png"


def test_without_a_campaign_files_sort_as_they_are_listed() -> None:
    names = Names()

    assert names.name(made("a red bicycle"), PICTURE) == "0001_a-red-bicycle.png"
    assert names.name(made("一辆红色的自行车"), PICTURE) == "0002_一辆红色的自行车.png"


def test_every_field_can_be_used() -> None:
    rule = "-".join(f"{{{field}}}" for field in FIELDS)
    generation = made("p", run="e-C", number=3, parameters={"quality": "low"})

    assert Names("{date}_{id}_{quality}").name(generation, PICTURE) == "2026-01-02_0123456789ab0000_low.png"
    assert Names("{model}").name(generation, PICTURE) == "openai-gpt-image-1.5-text-to-image.png"
    assert (
        Names(rule, campaign="c").name(generation, PICTURE).startswith("c-p-openai-gpt-image-1.5-text-to-image-512x768")
    )


@pytest.mark.parametrize(
    "rule", ["{colour}", "{prompt.__class__}", "{0}", "{}", "{prompt!r}", "{prompt:>9}", "{prompt"]
)
def test_a_bad_rule_is_refused_in_a_sentence(rule: str) -> None:
    with pytest.raises(ValueError, match=r"^The rule for file names has .*\.$"):
        checked(rule)


HOSTILE = [
    "",
    "   ",
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "/absolute",
    "C:\\boot.ini",
    "CON",
    "nul.txt",
    "com1",
    "COM\u00b9",
    "Lpt9 .x",
    "ends with dots...",
    "ends with spaces   ",
    "\x00\x01\x1f\x7f\x85",
    "exe\u202egnp.exe",
    "zero\u200bwidth\u200d\ufeff\u2060",
    "\u3164\u3164",
    'a<b>c:d"e|f?g*h',
    "line\nbreak\r\ttab",
    "~root $(rm -rf) `id` ; & 'x'",
    "-rf",
    ".hidden",
    "红" * 200,
    "e\u0301" * 200,
    "🚲" * 100,
    "\u0300\u0301\u0302" * 60,
    "q\u0323\u0307" * 60,
    "\ud800 alone",
    "\uff0f\uff3c\u2215\u2044",
    "__--__",
    "a" * 500,
]


@pytest.mark.parametrize("prompt", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "rule", ["{prompt}", "{number}_{prompt}", "{prompt}.{quality}", "a/../{prompt} ", " {campaign}"]
)
def test_hostile_texts_become_names_that_every_system_takes(prompt: str, rule: str, tmp_path: Path) -> None:
    generation = made(prompt, parameters={"quality": prompt[:9]})
    names = Names(rule, campaign=prompt)

    for _ in range(3):
        name = names.name(generation, PICTURE)
        stem = name.removesuffix(".png")

        assert name.endswith(".png")
        assert stem
        assert len(name.encode()) <= 80
        assert name == unicodedata.normalize("NFC", name)
        assert not re.search(r'[\x00-\x1f\x7f/\\:*?"<>|`;&\']', name)
        assert not any(unicodedata.category(character)[0] in "CZ" for character in name)
        assert not DEVICES.match(name)
        assert not stem.endswith((".", " "))
        assert not name.startswith((".", "-", "~"))
        (tmp_path / name).write_bytes(b"x")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_long_name_is_not_cut_within_a_letter() -> None:
    name = Names("{prompt}{prompt}{prompt}").name(made("e\u0301\u0323" * 60), PICTURE).removesuffix(".png")

    letters = re.findall(r"[eẹ][\u0300-\u036f]*|é[\u0300-\u036f]*", name)

    assert "".join(letters) == name
    assert len(set(letters)) == 1


@pytest.mark.parametrize(
    "prompts",
    [
        ["bike", "BIKE", "Bike"],
        ["stra\u00dfe", "STRASSE", "strasse"],
        ["\u00e9", "e\u0301", "\u00c9"],
        ["ﬁn", "fin", "FIN"],
    ],
)
def test_names_that_some_system_takes_for_the_same_are_numbered(prompts: list[str]) -> None:
    names = Names("{prompt}")

    found = [names.name(made(prompt), PICTURE) for prompt in prompts]

    assert [name.removesuffix(".png")[-2:] for name in found][1:] == ["_2", "_3"]


def test_a_number_never_makes_a_name_that_somebody_chose() -> None:
    names = Names("{prompt}")

    found = [names.name(made(prompt), PICTURE) for prompt in ("a", "a", "a_2", "a", "A_2", "a_2_2", "a")]

    assert len({name.casefold() for name in found}) == len(found)


def test_ten_thousand_equal_prompts_are_named_quickly_and_differ() -> None:
    names = Names("{prompt}")
    generation = made("红" * 100)

    found = {names.name(generation, PICTURE) for _ in range(10_000)}

    assert len(found) == 10_000
    assert max(len(name.encode()) for name in found) <= 80

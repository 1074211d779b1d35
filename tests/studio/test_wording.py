"""What differs between two wordings, and between settings, exactly and readably."""

import random
from itertools import pairwise

import pytest

from studio.wording import Change, Difference, Piece, compare, settings, words

ALPHABET = [
    *"abAB01 .,#:-'’\n\t  ",
    *"红色自行车，。カメラを한글",
    "red", "blue", "the ", "16:9", "#FF6F61", "e\u0301", "👨‍👩‍👧", "👍🏽", "🇩🇪",
    "\u200d", "\ufe0f", "नमस्ते", "\ud800", "\x00",
]  # fmt: skip


def scrambled(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.randrange(length)))


def edited(chance: random.Random, text: str) -> str:
    tokens = words(text)
    for _ in range(chance.randrange(6)):
        place = chance.randrange(len(tokens) + 1)
        tokens[place : place + chance.randrange(3)] = chance.choices(ALPHABET, k=chance.randrange(3))
    return "".join(tokens)


def side(pieces: list[Piece], change: Change) -> str:
    return "".join(piece.text for piece in pieces if piece.change in {Change.SAME, change})


def marked(before: str, after: str) -> str:
    frames = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "[+{}+]"}
    return "".join(frames[piece.change].format(piece.text) for piece in compare(before, after))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red-haired girl's hat", ["a", " ", "red-haired", " ", "girl's", " ", "hat"]),
        ("the dogs’ day", ["the", " ", "dogs", "’", " ", "day"]),
        ("#FF6F61, #fff", ["#FF6F61", ",", " ", "#fff"]),
        ("#sunset", ["#", "sunset"]),
        ("16:9 (red:1.2)", ["16:9", " ", "(", "red", ":", "1.2", ")"]),
        ("1024x1024, 35mm, 1,000", ["1024x1024", ",", " ", "35mm", ",", " ", "1,000"]),
        ("one  \n two", ["one", "  \n ", "two"]),
        ("...", [".", ".", "."]),
        ("cafe\u0301 au lait", ["cafe\u0301", " ", "au", " ", "lait"]),
        ("红色的车。", ["红", "色", "的", "车", "。"]),
        ("カメラを持つ", ["カメラ", "を", "持", "つ"]),
        ("빨간 자전거", ["빨간", " ", "자전거"]),
        ("नमस्ते दुनिया", ["नमस्ते", " ", "दुनिया"]),
        ("👨‍👩‍👧‍👦👍🏽🇩🇪🇫🇷❤️‍🔥1️⃣", ["👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🇫🇷", "❤️‍🔥", "1️⃣"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿!", ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "!"]),
        ("", []),
    ],
)
def test_words_are_what_a_reader_would_call_one(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_words_join_to_the_text_whatever_it_is() -> None:
    chance = random.Random(7)
    for _ in range(400):
        text = scrambled(chance, 60)
        assert "".join(words(text)) == text


def test_both_prompts_can_be_read_back_from_the_pieces() -> None:
    chance = random.Random(11)
    for _ in range(600):
        before = scrambled(chance, 40)
        after = edited(chance, before) if chance.random() < 0.7 else scrambled(chance, 40)
        pieces = compare(before, after)
        assert side(pieces, Change.REMOVED) == before
        assert side(pieces, Change.ADDED) == after


def test_pieces_are_joined_and_no_gap_alone_parts_two_changes() -> None:
    chance = random.Random(13)
    for _ in range(400):
        before = scrambled(chance, 40)
        pieces = compare(before, edited(chance, before))
        assert all(piece.text for piece in pieces)
        assert all(one.change != other.change for one, other in pairwise(pieces))
        assert all(not piece.text.isspace() for piece in pieces[1:-1] if piece.change is Change.SAME)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a red car", "a blue car", "a [-red-][+blue+] car"),
        ("a red car", "a blue bike", "a [-red car-][+blue bike+]"),
        ("a red car on a hill", "a blue bike on a hill", "a [-red car-][+blue bike+] on a hill"),
        ("a car", "a red car", "a [+red +]car"),
        ("a car, red", "a car", "a car[-, red-]"),
        ("A cat", "a cat", "[-A-][+a+] cat"),
        ("one two", "one\n three", "one[- two-][+\n three+]"),
        ("one two", "one\ntwo", "one[- -][+\n+]two"),
        ("红色的车", "蓝色的车", "[-红-][+蓝+]色的车"),
        ("ratio 16:9", "ratio 9:16", "ratio [-16:9-][+9:16+]"),
        ("hi 👨‍👩‍👧", "hi 👨‍👩‍👦", "hi [-👨‍👩‍👧-][+👨‍👩‍👦+]"),
        ("", "new words", "[+new words+]"),
        ("old words", "", "[-old words-]"),
        ("", "", ""),
    ],
)
def test_only_the_changed_words_are_marked(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


def test_gaps_do_not_outweigh_the_words_that_stayed() -> None:
    assert marked("x y z W", "W p q r") == "[-x y z -]W[+ p q r+]"


def test_in_the_longest_prompts_still_only_the_changed_words_are_marked() -> None:
    chance = random.Random(17)
    old = ["".join(chance.choices("abcdefg", k=4)) for _ in range(6400)]
    new = [f"NEW{place}" if place % 640 == 320 else word for place, word in enumerate(old)]

    pieces = compare(" ".join(old), " ".join(new))

    assert [piece.text for piece in pieces if piece.change is Change.ADDED] == [
        f"NEW{n}" for n in range(320, 6400, 640)
    ]
    assert [piece.text for piece in pieces if piece.change is Change.REMOVED] == old[320::640]


def test_a_chinese_prompt_too_long_to_search_whole_is_searched_by_sentence() -> None:
    chance = random.Random(19)
    sentences = ["".join(chance.choices("红色自行车在墙边雨后街道灯光", k=19)) + "。" for _ in range(1600)]
    before = "始" + "".join(sentences) + "终"
    sentences[800] = sentences[800][:9] + "猫" + sentences[800][9:]
    after = "新" + "".join(sentences) + "末"

    pieces = compare(before, after)

    assert [piece.text for piece in pieces if piece.change is Change.ADDED] == ["新", "猫", "末"]
    assert [piece.text for piece in pieces if piece.change is Change.REMOVED] == ["始", "终"]


def test_texts_too_long_even_for_that_are_replaced_between_their_common_ends() -> None:
    before, after = "head " + "a b " * 20_000 + "tail", "head " + "b a " * 20_001 + "tail"

    assert [piece.change for piece in compare(before, after)] == [
        Change.SAME,
        Change.REMOVED,
        Change.ADDED,
        Change.SAME,
    ]


def test_only_settings_that_differ_are_listed_and_the_important_ones_first() -> None:
    arms = (
        {"seed": 1, "quality": "low", "size": "1024x1024", "model": "one", "background": "auto", "steps": 4},
        {"seed": 1, "quality": "high", "size": "512x512", "model": "two", "steps": 4.0, "enhance": True},
    )

    assert settings(arms) == [
        Difference(name="model", values=("one", "two")),
        Difference(name="size", values=("1024x1024", "512x512")),
        Difference(name="quality", values=("low", "high")),
        Difference(name="background", values=("auto", "not set")),
        Difference(name="enhance", values=("not set", "yes")),
    ]


def test_none_is_a_setting_that_is_not_set_and_an_empty_one_is_empty() -> None:
    assert settings([{"seed": None}, {}]) == []
    assert settings([{"negative_prompt": ""}, {}]) == [Difference(name="negative_prompt", values=("empty", "not set"))]


def test_one_arm_or_none_differs_from_nothing() -> None:
    assert settings([]) == []
    assert settings([{"seed": 1}]) == []

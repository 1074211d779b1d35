"""Untrusted text on screens that read Markdown."""

import string

import pytest

from ui.text import one_line, plain


def test_every_ascii_punctuation_character_is_escaped() -> None:
    assert plain(string.punctuation) == "".join(f"\\{character}" for character in string.punctuation)


@pytest.mark.parametrize("text", ["海邊的日落 🌅", "Ünïcödé words 123", "two\nlines"])
def test_words_of_any_language_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


def test_indentation_cannot_make_code_and_controls_are_gone() -> None:
    assert plain("    code\n\tmore\x00\x1b\u202e") == "code\nmore"


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert plain("x" * 30, limit=10) == "x" * 9 + "…"
    assert one_line("a\nb   c " + "d" * 30, 10) == "a b c ddd…"

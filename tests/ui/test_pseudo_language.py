"""In a made-up language every word on every page is in brackets: what is not was never given to a translator."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from atlas import language
from atlas.catalog import name_of
from atlas.models import DEFAULT_MODEL
from tests import pseudo
from tests.ui.conftest import Studio
from ui import services
from ui.session import LANGUAGE

PAGES = ("generate", "compare", "history", "results", "status", "vote")
READ = {"label", "help", "placeholder", "body", "options", "title", "alt", "caption", "text", "header"}


def texts(message: Any) -> Iterator[str]:
    """Every text of a protocol buffer that somebody reads, at any depth."""
    for field, value in message.ListFields():
        several = [value] if isinstance(value, str) or hasattr(value, "ListFields") else value
        for each in several if isinstance(several, Iterable) else ():
            if hasattr(each, "ListFields"):
                yield from texts(each)
            elif isinstance(each, str) and field.name in READ:
                yield each


def shown(tab: AppTest) -> set[str]:
    found: set[str] = set()
    for part in tab:
        if getattr(part, "proto", None) is not None:
            found |= set(texts(part.proto))
    return found


def unmarked(tab: AppTest, *people_wrote: str) -> set[str]:
    """What has words outside of brackets, once everything is taken away that is nobody's to translate."""
    return pseudo.unmarked(shown(tab), *people_wrote, *_of_the_provider())


def _of_the_provider() -> set[str]:
    """Names of models and their makers, and the words of a model's form, which it writes itself."""
    shelf = services.catalogue()
    models = shelf.models()
    fields = shelf.schema(DEFAULT_MODEL).fields
    return {
        *(model.name for model in models),
        *(name_of(model.id) for model in models),
        *(model.vendor for model in models),
        *(word for field in fields for word in (field.title, field.help) if word),
    }


def spoken_to(studio: Studio, page: str) -> AppTest:
    tab = studio.open(f"../pages/{page}.py")
    tab.selectbox(key=LANGUAGE).set_value(pseudo.SPOKEN_BY).run()
    assert not tab.exception
    return tab


@pytest.fixture
def brackets(tmp_path: Path) -> Iterator[None]:
    with pseudo.spoken(tmp_path):
        yield


@pytest.mark.usefixtures("brackets")
def test_every_word_on_an_empty_page_was_given_to_a_translator(studio: Studio) -> None:
    assert [(page, found) for page in PAGES if (found := unmarked(spoken_to(studio, page)))] == []


@pytest.mark.usefixtures("brackets")
def test_every_word_about_images_was_given_to_a_translator(studio: Studio) -> None:
    studio.make("zzz", count=2)

    assert [(page, found) for page in PAGES if (found := unmarked(spoken_to(studio, page), "zzz"))] == []


@pytest.mark.usefixtures("brackets")
def test_every_word_about_a_form_that_is_filled_in_was_given_to_a_translator(studio: Studio) -> None:
    generate, compare = (spoken_to(studio, page) for page in ("generate", "compare"))
    with language.speaking(pseudo.SPOKEN_BY):  # AppTest names the options of a list outside of the script
        generate.text_area(key="generate_prompt").set_value("zzz").run()
        for field in compare.text_area[:2]:
            field.set_value("zzz").run()

    assert unmarked(generate, "zzz") == set()
    assert unmarked(compare, "zzz") == set()


def test_a_page_without_brackets_is_found(studio: Studio) -> None:
    assert "Generate" in unmarked(studio.open())

"""The pages in another language than English: who chooses it, and that it lasts."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import Studio
from ui.session import LANGUAGE


def labels(tab: AppTest) -> list[str]:
    return [button.label for button in tab.button]


def test_a_language_that_is_chosen_is_that_of_the_next_texts(studio: Studio) -> None:
    tab = studio.open()
    assert "Generate" in labels(tab)

    tab.selectbox(key=LANGUAGE).set_value("zh_TW").run()

    assert tab.title[0].value == "生成"
    assert "Generate" not in labels(tab)


def test_another_tab_is_not_told_in_it(studio: Studio) -> None:
    chinese = studio.open()
    chinese.selectbox(key=LANGUAGE).set_value("zh_TW").run()

    assert studio.open().title[0].value == "Generate"


@pytest.mark.parametrize("page", ["generate", "compare", "history", "results", "status", "vote"])
def test_every_page_is_drawn_in_every_language(studio: Studio, page: str) -> None:
    tab = studio.open(f"../pages/{page}.py")

    tab.selectbox(key=LANGUAGE).set_value("zh_TW").run()

    assert not tab.exception
    assert tab.title[0].value not in {"Generate", "Compare", "History", "Results", "Status", "Vote"}

"""Every word that reaches a Markdown place of a page is ours, or escaped by ``plain``."""

from pathlib import Path

import pytest

from tests.security.markdown import Source
from tests.serving import CHECKOUT

# What the reading cannot follow, and why its words are ours all the same: "module expression".
TRUSTED = {
    "the letters A to D of the arms, never a name somebody typed": {
        "ui.comparison label",
        "ui.comparison names",
        "ui.comparison first",
        "ui.comparison experiment.labels[arm]",
        "ui.deciding plan.labels[face.arm]",
        "ui.panel last",
        "ui.reviewing arm.label",
        "ui.verdicts plan.labels[pair.first]",
        "ui.verdicts plan.labels[pair.second]",
        "ui.verdicts labels[0]",
        "ui.verdicts labels[1]",
        "ui.forms suffix",
    },
    "a count or a number of the database's integer columns": {
        "ui.comparison experiment.draws",
        "ui.comparison row.number",
        "ui.deciding number",
        "ui.detail stars",
        "ui.finding stars",
        "ui.progress done",
        "ui.progress totals[run]",
        "ui.reviewing now.votes",
        "ui.reviewing most",
        "ui.verdicts pair.votes",
    },
    "a table of words written in the same file": {
        "ui.deciding label",
        "ui.detail label",
        "ui.panel words",
        "ui.reviewing words",
        "ui.status row.name",
    },
    "every part is escaped where it is put together, which the tests of that file try": {
        "ui.costs said(_worded(order, now))",
        "ui.deciding words",
        "ui.differences _marked()",
        "ui.dropped told",
        "ui.keeping text",
        "ui.lost trouble",
        "ui.verdicts table",
    },
    "hexadecimal digits of our own hash, or the code of a room that we drew": {
        "ui.live room.spelled",
        "ui.reviewing plan.hash[:16]",
    },
}


def test_nobody_elses_words_are_read_as_markdown() -> None:
    doubtful = {f"{doubt.file} {doubt.words}" for doubt in Source(CHECKOUT).doubts()}
    trusted = set().union(*TRUSTED.values())

    assert doubtful - trusted == set(), "pass these through ui.text.plain"
    assert trusted - doubtful == set(), "these are gone: take them off the list"


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(prompt)",
        "st.caption(f'about {prompt}')",
        "st.button('Press', help=prompt)",
        "st.error('Sorry: ' + prompt)",
        "st.write(' · '.join([plain('a'), prompt]))",
        "st.caption(tr('About {it}').format(it=prompt))",
        "st.caption(tr('{it:,} of {it}').format(it=prompt))",
        "st.toast(prompt if prompt else 'none')",
        "st.metric('Votes', prompt)",
        "st.pills('Tags', [prompt])",
        "st.radio('One', ['a'], format_func=lambda it: prompt)",
        "st.columns(2)[0].markdown(prompt)",
        "words = plain(prompt)\n    words = prompt\n    st.markdown(words)",
        "for each in prompt.split(): st.badge(each)",
        "st.info(_shown(prompt))",
        "st.tabs([prompt])",
        "st.expander(generation.prompt)",
    ],
)
def test_the_reading_sees_words_of_others(tmp_path: Path, line: str) -> None:
    assert _read(tmp_path, line)


@pytest.mark.parametrize(
    "line",
    [
        "st.markdown(plain(prompt))",
        "st.caption(f'{len(prompt):,} characters')",
        "st.caption(tr('About {it}').format(it=plain(prompt)))",
        "st.caption(tr('{it:,} votes').format(it=generation.votes))",
        "st.caption(formats.number(generation.seconds))",
        "st.text(prompt)",
        "st.code(prompt)",
        "st.selectbox('Model', [prompt])",
        "words = 'yes' if prompt else 'no'\n    st.markdown(words)",
        "st.badge(WORDS[prompt])",
    ],
)
def test_the_reading_lets_our_own_words_pass(tmp_path: Path, line: str) -> None:
    assert _read(tmp_path, line) == []


def _read(folder: Path, line: str) -> list[str]:
    (folder / "ui").mkdir()
    (folder / "ui" / "page.py").write_text(
        "import streamlit as st\n"
        "from atlas.language import tr\n"
        "from studio import formats\n"
        "from ui.text import plain\n"
        "WORDS = {'a': 'An answer', 'b': 'Another'}\n"
        "def _shown(text: str) -> str:\n    return f'**{text}**'\n"
        f"def show(prompt: str, generation) -> None:\n    {line}\n"
    )
    return [doubt.words for doubt in Source(folder).doubts()]

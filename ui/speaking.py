"""Which language a visitor is told things in: as chosen, else as chosen before, else as their browser asks for."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from atlas import language
from atlas.language import LANGUAGES
from ui import session

_COOKIE = "studio_language"
_KEEP = """export default function ({ data }) {
  document.cookie = `studio_language=${data.language}; path=/; max-age=31536000; samesite=lax`
  document.documentElement.lang = data.language.replace("_", "-")
}"""
_keep = st.components.v2.component("studio_language", js=_KEEP)


def listen() -> None:
    """Let every text be told in the language of the visitor whose page is drawn. Once in every run of a script."""
    session.speak(_locale())
    language.ask(_visitors)


def choice() -> None:
    """A small list of languages, at the foot of every page; the choice lasts."""
    known = list(LANGUAGES)
    st.selectbox(
        "Language / 語言",
        known,
        index=known.index(language.current()),
        format_func=LANGUAGES.__getitem__,
        key=session.LANGUAGE,
        width=180,
    )
    _keep(key="language_kept", data={"language": language.current()})


def _visitors() -> str:
    """Asked for every text, so it only remembers."""
    return language.ENGLISH if get_script_run_ctx(suppress_warning=True) is None else session.spoken()


def _locale() -> str:
    """That of the browser, unless another language was chosen."""
    own = st.context.locale or language.ENGLISH
    before = str(st.context.cookies.get(_COOKIE, ""))
    chosen = session.chosen_language() or (before if before in LANGUAGES else "")
    return own if chosen in {"", language.best_of(own)} else chosen

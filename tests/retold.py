"""Streamlit with a catalogue that is not ours: `python -m tests.retold pseudo.po run app.py`."""

import sys
from pathlib import Path

from streamlit.web import cli

from atlas import language
from tests.pseudo import SPOKEN_BY

if __name__ == "__main__":
    with language.reading(SPOKEN_BY, Path(sys.argv[1])):
        cli.main(sys.argv[2:])

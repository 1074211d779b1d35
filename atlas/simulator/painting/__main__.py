"""Paint a list of prompts into a folder, the same pictures each time: `python -m atlas.simulator.painting LIST FOLDER`.

The list is TOML as in studio/demo/set.toml: ``images``, and ``experiments`` with ``arms`` and a number of ``draws``.
A picture is named by its place in the list: 01.webp, 02.webp, …; of an experiment, draw 1 of every arm comes first.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from atlas.simulator.painting import paint

_QUALITY = 68


def wanted(told: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """What is to be painted, and which draw of it, in order."""
    for experiment in told.get("experiments", ()):
        for draw in range(1, experiment["draws"] + 1):
            yield from ((arm, draw) for arm in experiment["arms"])
    yield from ((image, 1) for image in told.get("images", ()))


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m atlas.simulator.painting", description=__doc__)
    parser.add_argument("list", type=Path)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args(arguments)
    told = tomllib.loads(chosen.list.read_text(encoding="utf-8"))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for number, (image, draw) in enumerate(wanted(told), 1):
        width, height = map(int, image["size"].split("x"))
        picture = paint(
            image["prompt"], model=image["model"], draw=draw, width=width, height=height, quality=image["quality"]
        )
        picture.save(chosen.folder / f"{number:02}.webp", "WEBP", quality=_QUALITY, method=6)


if __name__ == "__main__":
    main(sys.argv[1:])

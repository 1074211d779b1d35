"""A library full of samples, to try the studio, and to measure it, at the size of a year's work.

`python -m studio.sample_library --count 10000` fills the data folder of the settings. A library that holds
something already is left alone.
"""

import argparse
import io
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
from PIL import Image
from sqlalchemy import Engine, insert, select, text

from atlas.models import ImageRequest
from studio import settings
from studio.curation import new_folder
from studio.database import DatabaseProblem, open_database
from studio.generations import Picture, State
from studio.images import ImageFiles
from studio.schema import arms, draws, events, experiments, generations, pictures, tags
from studio.search import fold
from studio.settings import BadSetting
from studio.store import described, encoded

PROVIDER = "sample"  # not made by any model, and said so wherever a provider is shown
_PICTURES = 240  # different ones at most; others are shown again
_BATCH = 2000
_DAY_MS = 86_400_000
_MODELS = {
    "openai/gpt-image-1.5/text-to-image": (30, 42_000, 18.0),
    "openai/gpt-image-2/text-to-image": (12, 64_000, 31.0),
    "openai/gpt-image-1-mini/text-to-image": (25, 9_000, 9.0),
    "google/nano-banana-2/text-to-image": (18, 34_000, 11.0),
    "bytedance/seedream-v4.5/text-to-image": (15, 27_000, 8.0),
}  # weight, micro-dollars and seconds of a typical image
_SIZES = {"1024x1024": (512, 512), "1024x1536": (416, 624), "1536x1024": (624, 416)}  # asked for, and painted
_QUALITIES = ("low", "medium", "high")
_COLOURS = {
    "red": (200, 44, 52),
    "teal": (24, 130, 134),
    "amber": (232, 160, 32),
    "navy": (28, 48, 110),
    "olive": (112, 122, 52),
    "rose": (222, 120, 148),
    "ivory": (238, 230, 212),
    "violet": (112, 72, 168),
    "綠色": (44, 140, 80),
    "rosé": (214, 140, 132),
}
_SUBJECTS = (
    *("perfume bottle", "city bicycle", "ceramic mug", "running shoe", "armchair", "café window", "紅茶罐"),
    *("mooncake box", "headphones", "mountain hut", "sailing boat", "Bücherregal"),
)
_PLACES = (
    *("on black marble", "in morning light", "by the sea", "in a quiet studio", "at dusk", "after the rain"),
    *("在木桌上", "on a linen cloth"),
)
_STYLES = ("", ", photograph", ", watercolour", ", flat illustration", ", film still", ", wide angle")
_TAGS = ("hero", "social", "Q4", "shortlist", "春節", "needs retouch")
_FOLDERS = ("Spring campaign", "Autumn catalogue", "中秋禮盒", "Experiments")
_ENDS = [State.COMPLETED] * 92 + [State.FAILED] * 6 + [State.UNKNOWN, State.STALLED]
_PROBLEMS = {
    State.FAILED: "The provider refused the prompt. Change its words, then press Retry.",
    State.UNKNOWN: "No clear answer came: it may have been charged. Look at the provider's history first.",
    State.STALLED: "It took longer than the wait limit. Press Check again: that asks, and never pays.",
}

Rows = dict[Any, list[dict[str, Any]]]


def fill(database: Engine, files: ImageFiles, count: int, *, progress: Callable[[int, int], None]) -> None:
    """Add ``count`` generations that end now, the same ones each time but for their dates."""
    dice = random.Random(count)  # noqa: S311 - a sample, not a secret
    painted = _paintings(files, min(max(12, count // 10), _PICTURES), dice, progress)
    with database.begin() as connection:
        shelves = [new_folder(connection, name) for name in _FOLDERS]
    begin = time.time_ns() // 1_000_000 - 400 * _DAY_MS
    samples = (_sample(number, count, begin, painted, shelves, dice) for number in range(count))
    for done in range(0, count, _BATCH):
        _insert(database, islice(samples, _BATCH))
        progress(min(done + _BATCH, count), count)
    if database.dialect.name == "postgresql":
        with database.begin() as connection:
            connection.execute(text("ANALYZE"))  # as the server itself does, a minute later


def _paintings(
    files: ImageFiles, count: int, dice: random.Random, progress: Callable[[int, int], None]
) -> dict[str, list[Picture]]:
    """By size, pictures in the colours of the list, one after another."""
    found: dict[str, list[Picture]] = {size: [] for size in _SIZES}
    colours = list(_COLOURS.values())
    for number in range(count):
        size = list(_SIZES)[number % len(_SIZES)]
        first, second = colours[number // len(_SIZES) % len(colours)], dice.choice(colours)
        found[size].append(files.keep(_painted(_SIZES[size], first, second, dice)))
        progress(number + 1, count)
    return {size: some or found["1024x1024"] for size, some in found.items()}


def _painted(size: tuple[int, int], first: Sequence[int], second: Sequence[int], dice: random.Random) -> bytes:
    """JPEG: a backdrop that changes from one colour to the other, and a few round things standing before it."""
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    slope = dice.uniform(0, 1)
    mix = (across * slope + down * (1 - slope))[..., None]
    picture = np.asarray(second) * (0.55 + 0.3 * mix) + np.asarray(first) * (0.45 - 0.3 * mix)
    for _ in range(dice.randint(2, 5)):
        x, y, radius = dice.uniform(0.2, 0.8), dice.uniform(0.3, 0.8), dice.uniform(0.06, 0.24)
        distance = np.hypot((across - x) * width / height, down - y)
        inside = np.clip((radius - distance) * 160, 0, 1)[..., None]
        light = 1.15 - 0.7 * np.clip(np.hypot(across - x + 0.05, down - y + 0.05) / radius, 0, 1)[..., None]
        picture = picture * (1 - inside) + np.asarray(first) * light * inside
    buffer = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _sample(
    number: int, count: int, begin: int, painted: dict[str, list[Picture]], shelves: Sequence[str], dice: random.Random
) -> Rows:
    """One generation and what belongs to it, as rows; four in a row now and then share a prompt."""
    created = begin + (400 * _DAY_MS * number) // count
    name = f"{created:012x}{number % 0x10000:04x}{number:016x}"
    model = dice.choices(list(_MODELS), [weight for weight, _, _ in _MODELS.values()])[0]
    size, quality = dice.choice(list(_SIZES)), dice.choice(_QUALITIES)
    request = ImageRequest(
        prompt=_prompt(number, dice),
        model=model,
        parameters={"size": size, "quality": quality},
    )
    state = dice.choice(_ENDS)
    _, price, seconds = _MODELS[model]
    took = int(1000 * seconds * dice.uniform(0.6, 2.0) * (1 + _QUALITIES.index(quality) / 3))
    done = state is State.COMPLETED
    curated = dice.random()
    rows: Rows = {
        generations: [
            {
                "id": name,
                "run": f"sample{created:x}-{number}",
                "number": 1,
                "attempt": 1,
                "provider": PROVIDER,
                "model": model,
                "prompt": request.prompt,
                "parameters": encoded(request.parameters),
                **described(request),
                "state": state,
                "created": created,
                "submitted": created,
                "ended": created + took,
                "prediction_id": f"sample-{name}",
                "request_id": f"req-{number}",
                "problem": _PROBLEMS.get(state, ""),
                "price_micros": int(price * (0.6 + 0.5 * _QUALITIES.index(quality))) if done else None,
                "starred": curated < 0.05,
                "rating": dice.randint(1, 5) if curated < 0.3 else 0,
                "folder": dice.choice(shelves) if curated < 0.4 else None,
            }
        ],
        events: [
            {"generation": name, "at": created, "what": "queued"},
            {"generation": name, "at": created + took, "what": str(state)},
        ],
    }
    if done:
        rows[pictures] = [{"generation": name, "number": 1, **asdict(dice.choice(painted[size]))}]
    if curated < 0.25:
        rows[tags] = [
            {"generation": name, "folded": fold(tag), "tag": tag} for tag in dice.sample(_TAGS, dice.randint(1, 2))
        ]
    if number % 250 == 0:
        rows |= _comparison(name, created, request, rows[generations][0]["run"])
    return rows


def _prompt(number: int, dice: random.Random) -> str:
    colour = list(_COLOURS)[number // 4 % len(_COLOURS)]
    if number % 4 and dice.random() < 0.6:
        dice = random.Random(number // 4)  # noqa: S311 - the prompt of its neighbours
    return f"a {colour} {dice.choice(_SUBJECTS)} {dice.choice(_PLACES)}{dice.choice(_STYLES)}"


def _comparison(name: str, created: int, request: ImageRequest, run: str) -> Rows:
    """An experiment whose arm A shows this generation, and whose arm B was never drawn."""
    arm = {"model": request.model, "parameters": encoded(request.parameters)}
    return {
        experiments: [{"id": f"s{name}", "name": request.prompt, "created": created, "picked": True}],
        arms: [
            {"experiment": f"s{name}", "position": place, "prompt": prompt, **arm}
            for place, prompt in enumerate((request.prompt, f"{request.prompt}, gold accents"))
        ],
        draws: [{"experiment": f"s{name}", "position": 0, "number": 1, "slot_run": run, "slot_number": 1}],
    }


def _insert(database: Engine, samples: Iterator[Rows]) -> None:
    batch: Rows = {table: [] for table in (generations, pictures, events, tags, experiments, arms, draws)}
    for rows in samples:
        for table, some in rows.items():
            batch[table] += some
    with database.begin() as connection:
        for table, some in batch.items():
            if some:
                connection.execute(insert(table), some)


def _is_empty(database: Engine) -> bool:
    with database.connect().execution_options(reads_only=True) as connection:
        return connection.execute(select(generations.c.id).limit(1)).first() is None


def _say(done: int, total: int) -> None:
    if sys.stdout.isatty():
        print(f"\r{done} of {total}  ", end="", flush=True)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m studio.sample_library", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many generations (default 10000)")
    count = parser.parse_args(arguments).count
    if not 1 <= count <= 1_000_000:
        parser.error("--count is 1 to 1000000")
    try:
        chosen = settings.found()
        chosen.data_dir.mkdir(parents=True, exist_ok=True)
        files, database = ImageFiles(chosen.data_dir / "images"), open_database(chosen.database_url)
    except (BadSetting, DatabaseProblem) as trouble:
        sys.exit(str(trouble))
    if not _is_empty(database):
        sys.exit("There is something in this library already. Choose an empty folder with STUDIO_DATA_DIR.")
    began = datetime.now(UTC)
    fill(database, files, count, progress=_say)
    print(f"\n{count} samples in {chosen.data_dir}, in {(datetime.now(UTC) - began).total_seconds():.0f} s.")


if __name__ == "__main__":
    main(sys.argv[1:])

"""The charts of a review: well-formed pictures that say their figures in words and tell arms apart without colours."""

import itertools
import math
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from studio.reviews import charts, drawing
from studio.reviews.drawing import ARMS, LETTER, LIMIT, SOFT, WIDTH, Axis, fitting
from studio.reviews.levels import Level
from studio.reviews.ranking import Strength
from studio.reviews.results import Reason
from studio.reviews.tally import PublishRate, Share
from studio.statistics import e_path

LABELS = ("Warm <light> & 暖色", "Cold")
FOUR = (*LABELS, "Third", "Fourth")
SVG = "{http://www.w3.org/2000/svg}"
WINS = [(1, 0), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)]


def _read(told: str) -> ElementTree.Element:
    return ElementTree.fromstring(told)  # noqa: S314 - our own, and that it can be read is what is tested


def _strength(arm: int, value: float, rank: int) -> Strength:
    return Strength(arm=arm, level=Level.IMAGES, strength=value, low=value - 0.4, high=value + 0.4, rank=rank)


def _drawn() -> dict[str, str]:
    """Every chart with figures, and without any."""
    rates = [PublishRate(arm=0, share=Share.of(30, 50)), PublishRate(arm=1, share=Share.of(0, 0))]
    given = [Reason(arm=arm, words="Looks artificial", share=Share.of(5 + arm, 20)) for arm in (0, 1)]
    return {
        "share": charts.share_of_votes(LABELS, Share.of(23, 32), 0.1),
        "no share": charts.share_of_votes(LABELS, Share.of(0, 0), 0.1),
        "pairs": charts.pair_shares(LABELS, [0.2, 0.5, 0.8, 0.8, 1.0]),
        "no pairs": charts.pair_shares(LABELS, []),
        "time": charts.votes_over_time(LABELS, WINS, 0.1),
        "no time": charts.votes_over_time(LABELS, [], 0.1),
        "peek": charts.peek_safe([1.0, 0.7, 5.0, 40.0, 12.0]),
        "no peek": charts.peek_safe([]),
        "publish": charts.publish_rates(LABELS, rates),
        "strengths": charts.strengths(FOUR, [_strength(arm, 1 - arm / 2, 1 + arm) for arm in range(4)]),
        "reasons": charts.reasons(LABELS, given),
        "no reasons": charts.reasons(LABELS, []),
    }


@pytest.mark.parametrize("name", _drawn())
def test_a_chart_is_a_picture_with_words_and_nothing_that_runs_or_reaches_out(name: str) -> None:
    told = _drawn()[name]
    root = _read(told)

    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert root.get("aria-label") == root.findtext(f"{SVG}title") != ""
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "text", "line", "polyline", "polygon", "rect", "circle"}
    assert not {key for each in root.iter() for key in each.keys() if key == "id" or key.startswith("on")}  # noqa: SIM118
    assert "url(" not in told
    assert re.findall(r"https?://[^\"]*", told) == ["http://www.w3.org/2000/svg"]
    assert "nan" not in told.lower().replace("nant", "")
    assert "inf" not in told.lower().replace("inherit", "")


def test_the_words_say_the_figures() -> None:
    said = {name: str(_read(told).get("aria-label")) for name, told in _drawn().items()}

    assert "23 for Warm <light> & 暖色, 9 for Cold" in said["share"]
    assert "72 % for Warm <light> & 暖色, 95 % interval 55 to 84 %." in said["share"]
    assert "5 pairs with votes: 3 lean to Warm <light> & 暖色, 1 to Cold, 1 to neither." in said["pairs"]
    assert "The mean share for Warm <light> & 暖色 is 66 %." in said["pairs"]
    assert "After 7 decided votes 86 %" in said["time"]
    assert "between 80 to 86 %" in said["time"]
    assert "after 5 decided votes: 12; its highest is 40, and it reached 20 after 4 votes." in said["peek"]
    assert "60 %, 30 of 50" in said["publish"]
    assert "Cold: no answers" in said["publish"]
    assert "Fourth: rank 4, -0.50, 95 % interval -0.90 to -0.10" in said["strengths"]
    assert "Looks artificial for Cold: 6 of 20" in said["reasons"]
    assert all("no " in said[name].lower() or "0 pairs" in said[name] for name in ("no share", "no pairs", "no time"))


def test_the_mark_the_interval_and_the_margin_stand_where_the_figures_say() -> None:
    share = Share.of(23, 32)
    root = _read(charts.share_of_votes(("A", "B"), share, 0.15))
    axis = Axis(low=0, high=1)

    circle = root.findall(f"{SVG}circle")[-1]
    assert float(circle.get("cx", "")) == pytest.approx(axis.at(23 / 32), abs=0.06)
    band = root.findall(f"{SVG}rect")[0]
    assert float(band.get("x", "")) == pytest.approx(axis.at(0.35), abs=0.06)
    assert float(band.get("width", "")) == pytest.approx(axis.at(0.65) - axis.at(0.35), abs=0.06)
    thick = next(each for each in root.findall(f"{SVG}line") if "stroke-width:3" in each.get("style", ""))
    ends = float(thick.get("x1", "")), float(thick.get("x2", ""))
    assert ends == pytest.approx((axis.at(share.low), axis.at(share.high)), abs=0.06)


def test_the_peek_safe_number_is_drawn_on_powers_of_ten() -> None:
    root = _read(charts.peek_safe([1.0, 10.0, 100.0, 1000.0]))
    heights = [float(point.split(",")[1]) for point in str(root.findall(f"{SVG}polyline")[0].get("points")).split()]
    steps = [before - after for before, after in itertools.pairwise(heights)]

    assert steps == pytest.approx([steps[0]] * 3, abs=0.11)
    assert steps[0] > 5


def test_every_arm_has_a_shape_of_its_own() -> None:
    shapes = {re.sub(r"style=.*", "", drawing.mark(arm, 50, 50)) for arm in range(4)}

    assert len(shapes) == 4
    assert len(set(ARMS)) == 4


def test_pairs_lean_by_shape_too() -> None:
    root = _read(charts.pair_shares(("A", "B"), [0.9, 0.9, 0.1, 0.5]))

    assert len(root.findall(f"{SVG}circle")) == 2 + 1  # and the one beside the label
    assert len(root.findall(f"{SVG}polygon")) == 1 + 1
    assert len(root.findall(f"{SVG}rect")) == 1


@pytest.mark.parametrize("ground", ["#ffffff", "#161618", "#0e1117"])
def test_colours_without_a_theme_can_be_seen_on_white_and_on_dark(ground: str) -> None:
    for ink in (*ARMS, LIMIT, SOFT):
        assert contrast(re.findall(r"#[0-9a-f]{6}", ink)[0], ground) >= 3, ink


def test_long_reviews_stay_small_pictures() -> None:
    outcomes = [number % 5 < 3 for number in range(20_000)]
    first, wins = 0, []
    for number, outcome in enumerate(outcomes, 1):
        first += outcome
        wins.append((first, number - first))

    assert len(charts.votes_over_time(LABELS, wins, 0.1)) < 20_000
    assert len(charts.peek_safe([float(value) for value in e_path(outcomes)])) < 20_000
    assert len(charts.pair_shares(LABELS, [number / 99 for number in range(100)])) < 30_000


def test_evidence_beyond_every_scale_is_still_drawn() -> None:
    _read(charts.peek_safe([1e-320, 0.0, 1.7e308, math.inf]))


def test_an_interval_without_a_limit_points_to_its_side() -> None:
    arms = [_strength(0, 1.0, 1), replace(_strength(1, -1.0, 2), low=-math.inf, high=math.inf)]
    told = charts.strengths(LABELS, arms)
    root = _read(told)

    assert "Cold: rank 2, -1.00, 95 % interval no limit to no limit" in str(root.get("aria-label"))
    bars = [each for each in root.findall(f"{SVG}line") if "stroke-width:3" in each.get("style", "")]
    assert [float(bars[1].get(end, "")) for end in ("x1", "x2")] == [Axis(low=0, high=1).start, Axis(low=0, high=1).end]
    slanted = [each for each in root.findall(f"{SVG}line") if "stroke-width:2" in each.get("style", "")]
    assert [each.get("x1") != each.get("x2") for each in slanted] == [False] * 4 + [True] * 4
    assert not re.search(r'"(nan|inf|-inf)"', told)


def test_labels_are_cut_to_the_room_they_have() -> None:
    assert fitting("short", 100) == "short"
    latin, chinese = fitting("a" * 100, 183), fitting("杯" * 100, 183)
    assert latin.endswith("…")
    assert len(latin) == 25
    assert len(chinese) == 13
    assert fitting("two\nlines", 200) == "two lines"


LONGEST: dict[str, Callable[[tuple[str, str]], str]] = {
    "share": lambda labels: charts.share_of_votes(labels, Share.of(9_999, 20_000), 0.1),
    "pairs": lambda labels: charts.pair_shares(labels, [0.5]),
    "publish": lambda labels: charts.publish_rates(labels, [PublishRate(arm=0, share=Share.of(9_999, 10_000))]),
}


@pytest.mark.parametrize("name", LONGEST)
@pytest.mark.parametrize("letter", ["m", "杯"])
def test_no_label_runs_out_of_the_picture(name: str, letter: str) -> None:
    root = _read(LONGEST[name]((letter * 200, letter * 200)))
    shown = [each.text or "" for each in root.findall(f"{SVG}text")]

    assert any(letter in text for text in shown)
    assert max(sum(2 if character == "杯" else 1 for character in text) for text in shown) * LETTER * 0.56 <= WIDTH + 1


def contrast(ink: str, ground: str) -> float:
    """WCAG 2.2, of two colours as #rrggbb."""
    high, low = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

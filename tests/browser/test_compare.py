"""Two prompts, several draws of each, in a real browser: whose image is whose, and the viewer on real runs."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from atlas.simulator import Simulator
from tests.browser.conftest import OpenTab
from tests.conftest import CANARY
from tests.serving import App

RED, BLUE = "a minimal poster, bold red", "a minimal poster, bold blue"
LEANING = """image => {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 16
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0, 16, 16)
  const data = context.getImageData(0, 0, 16, 16).data
  let sum = 0
  for (let i = 0; i < data.length; i += 4) sum += data[i] - data[i + 2]
  return sum / (data.length / 4)
}"""


def compare(tab: Page, first: str, second: str, *, draws: int) -> None:
    expect(tab.get_by_role("button", name="Run comparison")).to_be_visible()
    tab.get_by_label("Prompt A").fill(first)
    tab.get_by_label("Prompt B").fill(second)
    tab.get_by_label("Images per prompt").fill(str(draws))
    tab.get_by_label("Prompt B").press("Control+Enter")
    tab.wait_for_url(re.compile("experiment="))


def gallery(tab: Page, prompt: str) -> Locator:
    return tab.get_by_test_id("stExpander").get_by_role("img", name=prompt, exact=True)


def viewer(tab: Page) -> Locator:
    return tab.get_by_role("region", name="Image comparison")


def shown(tab: Page) -> Locator:
    return viewer(tab).locator(".layers img")


def transforms(tab: Page) -> list[str]:
    return styles(tab, ".picture", "transform")


def test_a_comparison_survives_latency_failure_and_reload_with_every_image_under_its_own_prompt(
    tmp_path: Path, open_tab: OpenTab, simulator: Simulator
) -> None:
    simulator.fault("task", "slow-task", matching="blue", times=4, seconds=2.5)
    simulator.fault("task", "failed", matching="red", after=2)
    settings = {"ATLASCLOUD_API_KEY": CANARY, "ATLASCLOUD_BASE_URL": simulator.url, "STUDIO_MAX_IN_FLIGHT": "8"}
    with App(data_dir=tmp_path / "data", **settings) as app:
        tab = open_tab(f"{app.url}/compare")
        compare(tab, RED, BLUE, draws=4)
        expect(gallery(tab, RED).first).to_be_visible(timeout=15_000)
        tab.reload()

        expect(gallery(tab, RED)).to_have_count(3, timeout=20_000)
        expect(gallery(tab, BLUE)).to_have_count(4, timeout=20_000)
        expect(tab.get_by_text("7 of 8").first).to_be_visible()
        reds, blues = ([it.evaluate(LEANING) for it in gallery(tab, prompt).all()] for prompt in (RED, BLUE))
        assert min(reds) > max(blues)

        tab.get_by_role("button", name="Retry").click()
        expect(gallery(tab, RED)).to_have_count(4, timeout=20_000)
        assert simulator.count("POST", "/api/v1/model/generateImage") == 9

        other = open_tab(tab.url)
        expect(gallery(other, RED)).to_have_count(4)
        expect(gallery(other, BLUE)).to_have_count(4)


def test_the_viewer_works_by_mouse_and_by_keyboard_and_the_address_keeps_it(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(f"{app.url}/compare")
    compare(tab, "a red cup on a table", "a blue cup on a table", draws=2)
    expect(tab.get_by_text("4 of 4").first).to_be_visible(timeout=30_000)
    expect(shown(tab)).to_have_count(2)

    viewer(tab).get_by_role("button", name="Zoom in").click()
    zoomed = transforms(tab)
    assert zoomed[0] == zoomed[1] != "none"

    viewer(tab).get_by_role("button", name="Wipe").click()
    expect(viewer(tab).get_by_role("button", name="Wipe")).to_have_attribute("aria-pressed", "true")
    assert {scale(it) for it in transforms(tab)} == {scale(zoomed[0])} == {"1.25"}
    before = styles(tab, ".layers *", "clipPath")
    viewer(tab).get_by_label("Divider").fill("25")
    assert styles(tab, ".layers *", "clipPath") != before

    stage = viewer(tab).locator(".stage")
    stage.focus()
    stage.press("4")
    assert "difference" in styles(tab, ".layers *", "mixBlendMode")
    stage.press("PageDown")
    expect(viewer(tab).get_by_text("Draw 2 of 2").first).to_be_visible()
    tab.wait_for_url(re.compile("draw=2"))
    tab.wait_for_url(re.compile("mode=difference"))

    other = open_tab(tab.url)
    expect(viewer(other).get_by_role("button", name="Difference")).to_have_attribute("aria-pressed", "true")
    expect(viewer(other).get_by_text("Draw 2 of 2").first).to_be_visible()
    assert parse_qs(urlsplit(other.url).query)["draw"] == ["2"]


def scale(transform: str) -> str:
    return transform.removeprefix("matrix(").partition(",")[0]


def styles(tab: Page, selector: str, name: str) -> list[str]:
    """One computed style of all these elements of the viewer."""
    found = viewer(tab).locator(selector).evaluate_all("(all, name) => all.map(it => getComputedStyle(it)[name])", name)
    return [str(value) for value in found]


def test_contact_sheets_can_be_downloaded_and_the_html_one_opens_offline(
    app: App, open_tab: OpenTab, tmp_path: Path
) -> None:
    tab = open_tab(f"{app.url}/compare")
    compare(tab, "海邊的日落", "山上的日出", draws=1)
    expect(tab.get_by_text("2 of 2").first).to_be_visible(timeout=30_000)

    for kind in ("PNG", "HTML"):
        with tab.expect_download() as download:
            tab.get_by_role("button", name=f"Contact sheet ({kind})").click()
        download.value.save_as(tmp_path / f"sheet.{kind.lower()}")

    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "海邊的日落" in page
    assert "http" not in page.replace("http-equiv", "")


def test_on_a_phone_a_comparison_does_not_scroll_sideways(app: App, open_tab: OpenTab) -> None:
    tab = open_tab(f"{app.url}/compare", width=390, height=844, color_scheme="dark")
    compare(tab, "a red cat", "a blue cat", draws=1)
    expect(tab.get_by_text("2 of 2").first).to_be_visible(timeout=30_000)
    expect(shown(tab)).to_have_count(2)

    assert tab.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390

"""A price that comes late: the line that tells it follows by itself, and then is quiet."""

from pathlib import Path

from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from atlas.simulator import Simulator
from tests.browser.conftest import OpenTab
from tests.conftest import CANARY
from tests.serving import App


def listen(tab: Page) -> list[BackMsg]:
    """All that the tab tells the server from its next load on."""
    told: list[BackMsg] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: told.append(BackMsg.FromString(frame)))

    tab.on("websocket", follow)
    tab.reload()
    return told


def test_a_price_that_comes_late_replaces_the_least_one_and_nothing_goes_on_asking(
    tmp_path: Path, open_tab: OpenTab, simulator: Simulator
) -> None:
    simulator.fault("calculate", "slow", times=10, seconds=5)
    settings = {"ATLASCLOUD_API_KEY": CANARY, "ATLASCLOUD_BASE_URL": simulator.url}
    with App(data_dir=tmp_path / "data", **settings) as app:
        tab = open_tab(f"{app.url}/compare")
        told = listen(tab)
        expect(tab.get_by_text("8 images, from $")).to_be_visible()
        tab.get_by_label("Prompt A").press_sequentially("half a word")
        asked = len(told)

        expect(tab.get_by_text("8 images, about $")).to_be_visible()
        looks = told[asked:]
        tab.wait_for_timeout(1500)

        assert 1 <= len(looks) <= 20
        assert all(look.rerun_script.fragment_id for look in looks)  # never the whole page
        assert told[asked:] == looks
        expect(tab.get_by_label("Prompt A")).to_be_focused()
        expect(tab.get_by_label("Prompt A")).to_have_value("half a word")
        assert simulator.count("POST", "/api/v1/model/calculate") == 1

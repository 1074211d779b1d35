"""Status as a script: what it says when all is well, and when the key, the money or the provider is not."""

import re
import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from atlas.simulator import Simulator
from studio.generations import Picture, Slot, State
from studio.journey import ROOM_NEEDED
from tests.atlas.answering import answering, told
from tests.conftest import CANARY, REQUEST
from tests.studio.conftest import until
from tests.studio.shelves import item
from tests.ui.conftest import Studio
from tests.ui.test_pages import press, written
from tests.ui.test_routes import Browser
from tests.ui.test_routes import browser as browser
from ui import services, status

STATUS = "../pages/status.py"
HISTORY = "/api/v1/model/history"
BARE: dict[str, Any] = {"pictures": (), "price": None}


def settled(tab: AppTest) -> AppTest:
    """The page once the check under way has ended."""
    until(lambda: not services.probe().look().is_asking)
    tab.run()
    assert not tab.exception
    return tab


def opened(studio: Studio) -> AppTest:
    return settled(studio.open(STATUS))


def rows(tab: AppTest) -> dict[str, str]:
    """What stands in each row behind its name, with its icon."""
    found: dict[str, str] = {}
    name = ""
    for element in tab.markdown:
        text = str(element.value).replace("\\", "")
        if heading := re.fullmatch(r"\*\*(.+)\*\*", text):
            name = heading[1]
            found[name] = ""
        elif name:
            found[name] = f"{found[name]} {text}".strip()
    return found


def words(tab: AppTest) -> str:
    return written(tab).replace("\\", "")


def links(tab: AppTest) -> dict[str, str]:
    """Label and query of each link to another page."""
    return {link.proto.label: link.proto.query_string for link in tab.get("page_link")}


def test_the_simulator_is_shown_as_what_it_is(studio: Studio) -> None:
    found = rows(opened(studio))

    assert "Simulator" in found["Service"]
    assert "Reachable" in found["Answer"]
    assert "None needed" in found["Key"]
    assert "Simulated money" in found["Balance"]
    assert "models" in found["Catalogue"]
    assert "Fetched" in found["Catalogue"]


def test_a_provider_that_is_well_is_all_green(studio: Studio, provided: Simulator) -> None:
    found = rows(opened(studio))

    assert provided.url.removeprefix("http://") in found["Service"]
    for name in ("Answer", "Key", "Balance", "Catalogue"):
        assert status.Mark.WELL in found[name]
    assert "Accepted" in found["Key"]
    assert "$" in found["Balance"]
    assert "Simulated" not in words(studio.open(STATUS))


def test_the_page_does_not_wait_for_the_provider(studio: Studio, provided: Simulator) -> None:
    provided.fault("history", "slow", seconds=1.5)
    tab = studio.open(STATUS)

    assert "Being asked" in rows(tab)["Answer"]
    assert "Queued" in rows(tab), "the rest of the page is there"
    assert "Reachable" in rows(settled(tab))["Answer"]


def test_what_was_known_stays_while_it_is_asked_again(studio: Studio, provided: Simulator) -> None:
    tab = opened(studio)
    provided.fault("history", "slow", seconds=1.5)

    press(tab, "Ask again")

    assert "Accepted" in rows(tab)["Key"]
    assert "being asked again" in rows(tab)["Answer"]
    assert "being asked again" not in rows(settled(tab))["Answer"]
    assert provided.count("GET", HISTORY) == 2


def test_many_looks_are_one_question(studio: Studio, provided: Simulator) -> None:
    for _ in range(4):
        opened(studio)

    assert provided.count("GET", HISTORY) == 1
    assert provided.count("POST", "/") == 0


def test_other_pages_ask_nothing(studio: Studio, provided: Simulator) -> None:
    studio.open("../pages/history.py")

    assert provided.count("GET", HISTORY) == 0
    assert provided.count("GET", "/public/v1/balance") == 0


def test_a_refused_key_says_which_setting_to_check(studio: Studio, provided: Simulator) -> None:
    provided.fault("history", "401")
    provided.fault("billing", "401")
    tab = opened(studio)

    assert status.Mark.TROUBLE in rows(tab)["Key"]
    assert "Refused" in rows(tab)["Key"]
    assert "Reachable" in rows(tab)["Answer"]
    assert "Check ATLASCLOUD_API_KEY" in words(tab)
    assert "Not known" in rows(tab)["Balance"]


def test_a_key_that_may_not_see_the_balance_says_where_to_look(studio: Studio, provided: Simulator) -> None:
    provided.fault("billing", "403")
    tab = opened(studio)

    assert "Accepted" in rows(tab)["Key"]
    assert "Not told" in rows(tab)["Balance"]
    assert "console/billing" in words(tab)


def test_a_balance_that_does_not_come_says_what_to_do(studio: Studio, provided: Simulator) -> None:
    provided.fault("billing", "500")
    tab = opened(studio)

    assert status.Mark.LOOK in rows(tab)["Balance"]
    assert "internal error" in rows(tab)["Balance"]
    assert "Wait a little, then press Ask again" in words(tab)


def test_an_account_out_of_credit_is_told_to_top_up(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    with Simulator(credit=Decimal(0)) as empty:
        monkeypatch.setenv("ATLASCLOUD_API_KEY", CANARY)
        monkeypatch.setenv("ATLASCLOUD_BASE_URL", empty.url)
        tab = opened(studio)

    assert status.Mark.TROUBLE in rows(tab)["Balance"]
    assert "$0.00" in rows(tab)["Balance"]
    assert "Top it up" in words(tab)
    assert "Accepted" in rows(tab)["Key"]


def test_a_provider_that_is_down_does_not_take_the_page_with_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLASCLOUD_API_KEY", CANARY)
    monkeypatch.setenv("ATLASCLOUD_BASE_URL", "http://127.0.0.1:9")
    tab = opened(studio)
    found = rows(tab)

    assert "No answer" in found["Answer"]
    assert "Not known" in found["Key"]
    assert "built in" in found["Catalogue"]
    assert "then press Ask again" in words(tab)
    assert "SQLite" in found["Database"]


@pytest.mark.parametrize("kind", ["500", "502-html", "html-200", "malformed-json"])
def test_an_answer_that_is_no_good_is_not_taken_for_one(studio: Studio, provided: Simulator, kind: str) -> None:
    provided.fault("history", kind)
    tab = opened(studio)

    assert "Out of order" in rows(tab)["Answer"]
    assert "Accepted" in rows(tab)["Key"], "the balance was told"


def test_a_provider_that_comes_back_is_seen_by_asking_again(studio: Studio, provided: Simulator) -> None:
    provided.fault("history", "reset")
    tab = opened(studio)
    assert "No answer" in rows(tab)["Answer"]

    press(tab, "Ask again")

    assert "Reachable" in rows(settled(tab))["Answer"]


def test_the_key_is_nowhere_on_the_page(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(told({"code": 401, "msg": f"no such key: {CANARY}"})) as (url, received):
        monkeypatch.setenv("ATLASCLOUD_API_KEY", CANARY)
        monkeypatch.setenv("ATLASCLOUD_BASE_URL", url)
        tab = opened(studio)

    assert any(CANARY.encode() in request for request in received), "it was sent, and said back"
    assert "no such key: (key)" in words(tab)
    assert CANARY.removeprefix("apikey-") not in str(tab)
    assert CANARY[-4:] not in words(tab)


def test_no_path_of_the_machine_is_on_the_page(studio: Studio) -> None:
    shown = words(opened(studio))

    assert str(studio.folder) not in shown
    assert f"/{studio.folder.parts[1]}/" not in shown
    assert "studio.db" not in shown


def test_jobs_are_counted_and_those_that_need_a_person_are_one_click_away(studio: Studio) -> None:
    studio.open(STATUS)
    library = services.library()
    for one in (
        item(1, state=State.UNKNOWN, **BARE),
        item(2, state=State.UNKNOWN, **BARE),
        item(3, state=State.STALLED, **BARE),
        item(4, price=Decimal("0.034")),
        item(5, price=Decimal("1.25")),
        item(6, price=None),
    ):
        library.bring_back(one, [])
    for number in (1, 2):
        services.store().add(REQUEST, Slot(run="elsewhere", number=number), provider="other.example")
    tab = opened(studio)
    found = rows(tab)

    assert ": 2]" in found["Unknown outcome"]
    assert ": 1]" in found["Stalled"]
    assert links(tab) == {"Show all 2 in History": "state=unknown", "Show it in History": "state=stalled"}
    assert ": $1.28]" in found["Spent"]
    assert "No price is known of 1 more" in found["Spent"]
    assert "2 of another provider wait" in found["Queued"]


def test_history_shows_as_many_as_the_link_says(studio: Studio) -> None:
    studio.open(STATUS)
    for number in (1, 2, 3):
        services.library().bring_back(item(number, state=State.UNKNOWN, **BARE), [])
    services.library().bring_back(item(4), [])

    assert "Show all 3 in History" in links(opened(studio))
    assert "3 found" in words(studio.open("../pages/history.py", state="unknown"))


def test_what_is_under_way_is_counted_by_state(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_SIMULATOR_LATENCY_S", "60")
    monkeypatch.setenv("STUDIO_MAX_IN_FLIGHT", "2")
    studio.open(STATUS)
    for number in (1, 2, 3, 4, 5):
        services.engine().submit(REQUEST, key=Slot(run="many", number=number).key)
    provider = services.engine().provider
    until(lambda: services.house().jobs(provider=provider).open[State.RUNNING] == 2)
    found = rows(opened(studio))

    assert ": 2] 2 being made" in found["In flight"]
    assert ": 3]" in found["Queued"]
    assert "At most 2" in found["Queued"]


def test_storage_tells_sizes_and_versions(studio: Studio) -> None:
    studio.open(STATUS)
    picture = Picture(sha256="c" * 64, format="png", width=1, height=1, bytes=12_345_678)
    services.library().bring_back(item(1, pictures=(picture,)), [])
    found = rows(opened(studio))

    assert "12.3 MB" in found["Images"]
    assert "1 original," in found["Images"]
    assert "free" in found["Disk"]
    assert re.search(r"SQLite 3\.\d+.* kB, schema \d{4}\.", found["Database"])
    for name in ("Atlas Studio 0", "Python 3.", "Streamlit 1.", "SQLAlchemy 2.", "Pillow "):
        assert name in found["Version"]
    assert re.search(r"\d+ s\]$", found["Running for"])


def test_enough_room_is_judged_as_the_engine_does(studio: Studio) -> None:
    found = rows(opened(studio))
    is_enough = shutil.disk_usage(studio.folder).free >= ROOM_NEEDED

    assert (status.Mark.WELL in found["Disk"]) == is_enough


def test_every_row_has_a_word_and_an_icon(studio: Studio) -> None:
    found = rows(opened(studio))

    assert len(found) >= 14
    for name, text in found.items():
        assert re.match(r":\w+-badge\[:material/\w+: [\w$]", text), name


def test_a_studio_that_can_work_is_ready(browser: Browser) -> None:
    answer = browser.get("/api/ready")

    assert (answer.status, answer.content) == (200, b'{"status":"ready"}')
    assert answer.headers["cache-control"] == "no-store"


def test_a_studio_without_its_database_is_not_ready_and_names_no_place(studio: Studio, browser: Browser) -> None:
    services.start()
    with closing(sqlite3.connect(studio.folder / "data" / "studio.db")) as meddler:
        meddler.execute("DROP TABLE alembic_version")

    answer = browser.get("/api/ready")

    assert (answer.status, answer.content) == (
        503,
        b'{"status":"not ready","unusable":["The database does not answer."]}',
    )
    assert browser.get("/api/health").status == 200


def test_a_studio_that_cannot_start_is_not_ready(
    studio: Studio, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    (studio.folder / "file").write_text("in the way")
    monkeypatch.setenv("STUDIO_DATA_DIR", str(studio.folder / "file" / "data"))

    answer = browser.get("/api/ready")

    assert answer.status == 503
    assert b"cannot start with its settings" in answer.content
    assert str(studio.folder).encode() not in answer.content


def test_with_a_token_only_who_sends_it_is_told_the_numbers(
    studio: Studio, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert studio.made == 0
    monkeypatch.setenv("STUDIO_METRICS_TOKEN", "a-token-of-this-test")

    assert browser.get("/api/metrics").status == 403
    assert browser.get("/api/metrics", Authorization="Bearer another-token-of-test").status == 403
    answer = browser.get("/api/metrics", Authorization="Bearer a-token-of-this-test")
    assert answer.status == 200
    assert b"studio_build_info" in answer.content
    assert b"studio_budget" not in answer.content, "images of the simulator cost nothing"


def test_a_queue_that_has_stopped_is_not_ready(browser: Browser) -> None:
    services.start().engine.drain()

    assert b"The queue has stopped" in browser.get("/api/ready").content


def test_the_daily_budget_is_shown_and_stops_what_would_pass_it(
    studio: Studio, provided: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_DAILY_BUDGET_USD", "0.04")
    assert provided
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("a red cup")
    tab.number_input(key="generate_count").set_value(2).run()
    assert "Left of today" in written(tab)
    press(tab, "Generate")
    studio.until_idle()

    states = sorted(generation.state for generation in services.store().latest())
    assert states == [State.COMPLETED, State.FAILED]
    assert "budget" in written(tab.run())
    assert "Daily budget" in written(studio.open("../pages/status.py"))

"""History as a script: finding, looking at one image, curating, reusing, numbers, export, import and backup."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from streamlit.testing.v1 import AppTest

from atlas.simulator import Simulator
from studio import embedding
from studio.generations import Slot, State
from studio.search import Search
from tests.conftest import REQUEST
from tests.studio.conftest import until
from tests.studio.shelves import item
from tests.ui.conftest import Studio
from tests.ui.test_pages import HOSTILE, press, tiles, written
from ui import services, session
from ui.text import plain

HISTORY = "../pages/history.py"


def alts(tab: AppTest) -> list[str]:
    return [tile["alt"] for tile in tiles(tab)]


def seen(tab: AppTest) -> list[str]:
    return [image.proto.imgs[0].alt for image in tab.image]


def labels(tab: AppTest) -> list[str]:
    return [button.label for button in tab.button]


def params(tab: AppTest) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else list(value) for name, value in tab.query_params.items()}


def test_words_are_searched_and_stand_in_the_address(studio: Studio) -> None:
    for name in ("a red cup", "Ein rotes Café", "一隻紅色杯子"):
        studio.bring(name)
    tab = studio.open(HISTORY)
    assert len(alts(tab)) == 3

    tab.text_input(key="find_words").set_value("CAFE").run()
    assert alts(tab) == ["Ein rotes Café"]
    assert params(tab)["words"] == ["CAFE"]
    assert alts(studio.open(HISTORY, words="紅色")) == ["一隻紅色杯子"]

    tab.text_input(key="find_words").set_value("nothing like it").run()
    assert "Nothing fits" in written(tab)


def test_filters_show_their_counts_and_each_can_be_taken_off(studio: Studio) -> None:
    studio.make("a red cup", count=2)
    studio.bring("brought")
    tab = studio.open(HISTORY)

    assert tab.multiselect(key="find_quality").options == ["low (2)"]
    tab.multiselect(key="find_quality").set_value(["low"]).run()
    assert alts(tab) == ["a red cup"] * 2
    assert "Filters (1)" in [popover.proto.popover.label for popover in tab.get("popover")]

    press(tab, plain("Quality: low"))
    assert len(alts(tab)) == 3
    assert "quality" not in params(tab)


def test_a_search_waits_while_one_looks_elsewhere(studio: Studio) -> None:
    studio.bring("a cup")
    studio.bring("a mug")
    tab = studio.open(HISTORY, words="mug")

    tab.switch_page("../pages/generate.py").run()
    tab.query_params.clear()
    tab.switch_page(HISTORY).run()

    assert alts(tab) == ["a mug"]
    assert params(tab)["words"] == ["mug"]


def test_pages_continue_where_the_one_before_ended(studio: Studio) -> None:
    studio.bring("older")
    studio.bring("newer", count=60)
    tab = studio.open(HISTORY)
    assert alts(tab) == ["newer"] * 60

    press(tab, "Next")
    assert alts(tab) == ["older"]
    assert alts(studio.open(HISTORY, after=params(tab)["after"][0])) == ["older"]

    press(tab, "Previous")
    assert alts(tab) == ["newer"] * 60


def test_an_image_alone_tells_all_that_is_known(studio: Studio) -> None:
    made = studio.make("a red bicycle")[0]
    tab = studio.open(HISTORY, image=made.id)
    words = written(tab).replace("\\", "")

    assert seen(tab) == ["a red bicycle"]
    for known in (made.prediction_id, made.request_id, "1024 × 1024, square", "low", "simulated", "completed"):
        assert str(known) in words
    assert tab.code[0].value == "a red bicycle"
    assert "ATLASCLOUD_API_KEY" in tab.code[1].value


def test_what_came_otherwise_than_asked_is_marked(studio: Studio) -> None:
    other = item(1, parameters={"size": "1024x1536", "output_format": "webp"}, rewritten="a crimson bicycle")
    services.library().bring_back(other, [])
    words = written(studio.open(HISTORY, image=other.id)).replace("\\", "")

    assert "Size: asked for 1024 × 1536, portrait 2:3, got 1024 × 1024, square" in words
    assert "Format: asked for webp, got png" in words
    assert "Rewritten by the provider" in words
    assert "+**crimson**" in words


def test_next_and_previous_stay_within_the_search(studio: Studio) -> None:
    for name in ("cup one", "mug", "cup two"):
        studio.bring(name)
    last = services.library().page(Search(words="cup")).entries[-1]
    tab = studio.open(HISTORY, words="cup", image=last.id)
    assert seen(tab) == ["cup one"]

    press(tab, "Previous image")
    assert seen(tab) == ["cup two"]
    press(tab, "Back to all images")
    assert alts(tab) == ["cup two", "cup one"]


def test_an_image_that_is_gone_says_so(studio: Studio) -> None:
    tab = press(studio.open(HISTORY, image="nobody"), "Back to all images")

    assert not tab.exception
    assert "image" not in params(tab)


def test_rating_star_tags_folder_and_note_are_kept(studio: Studio) -> None:
    made = studio.make()[0]
    tab = studio.open(HISTORY, image=made.id)

    tab.button_group(key=f"rating_{made.id}").set_value(4).run()
    tab.toggle(key=f"starred_{made.id}").set_value(True).run()
    tab.text_area(key=f"note_{made.id}").set_value("für Anna").run()
    services.curation().tag([made.id], "hero")
    services.curation().move([made.id], services.curation().add_folder("Spring").id)

    item = services.library().get(made.id)
    assert (item.rating, item.starred, item.note, item.tags, item.folder) == (4, True, "für Anna", ("hero",), "Spring")
    again = studio.open(HISTORY, image=made.id)
    assert again.text_area(key=f"note_{made.id}").value == "für Anna"
    assert again.multiselect(key=f"tags_{made.id}").value == ["hero"]
    again.multiselect(key=f"tags_{made.id}").set_value([]).run()
    again.selectbox(key=f"folder_{made.id}").set_value(None).run()
    assert services.library().get(made.id).tags == ()
    assert services.library().get(made.id).folder is None


def test_a_folder_is_renamed_and_deleted_and_its_images_stay(studio: Studio) -> None:
    made = studio.make()[0]
    curation = services.curation()
    folder, other = (curation.add_folder(name).id for name in ("Spring", "Summer"))
    curation.move([made.id], folder)
    tab = studio.open(HISTORY, folder=folder)

    tab.text_input(key=f"folder_{folder}").set_value("summer").run()
    assert "already" in tab.toast[0].value
    tab.text_input(key=f"folder_{folder}").set_value("Autumn").run()
    assert {it.name for it in curation.folders()} == {"Autumn", "Summer"}

    tab.checkbox(key=f"sure_{folder}").check().run()
    press(tab, "Delete the folder")
    assert [it.id for it in curation.folders()] == [other]
    assert alts(tab) == ["a red bicycle"]


def test_what_is_deleted_can_be_undone_and_is_found_in_the_bin(studio: Studio) -> None:
    made = studio.make()[0]
    tab = press(studio.open(HISTORY, image=made.id), "Delete")
    assert "In the bin since" in written(tab)
    press(tab, "Back to all images")
    assert "1 image is in the bin" in written(tab)

    in_bin = studio.open(HISTORY, view="bin")
    assert alts(in_bin) == ["a red bicycle"]

    press(tab, "Undo")
    assert alts(tab) == ["a red bicycle"]
    assert "Undo" not in labels(tab)


def test_use_again_fills_the_form_with_all_of_it(studio: Studio) -> None:
    made = studio.make("a red bicycle")[0]
    tab = press(studio.open(HISTORY, image=made.id), "Use again")

    assert tab.text_area(key="generate_prompt").value == "a red bicycle"
    assert tab.button_group(key="generate_quality").value == "low"


def test_prompt_only_leaves_the_settings_as_they_are(studio: Studio) -> None:
    made = studio.make("a red bicycle")[0]
    tab = press(studio.open(HISTORY, image=made.id), "Prompt only")

    assert tab.text_area(key="generate_prompt").value == "a red bicycle"
    assert tab.button_group(key="generate_quality").value == "medium"


def test_variations_are_ready_to_be_sent(studio: Studio) -> None:
    made = studio.make("a red bicycle")[0]
    tab = press(studio.open(HISTORY, image=made.id), "Make variations")

    assert tab.number_input(key="generate_count").value == 4
    assert services.store().count() == 1, "nothing is sent before somebody says so"


def test_an_image_becomes_an_arm_of_a_comparison(studio: Studio) -> None:
    made = studio.make("a red bicycle")[0]
    tab = press(studio.open(HISTORY, image=made.id), "As prompt B")

    assert tab.text_area(key="arm_B_prompt").value == "a red bicycle"


def test_the_same_prompt_is_one_entry_with_its_count(studio: Studio) -> None:
    studio.make("a red cup", count=3)
    studio.make("a mug")
    tab = studio.open(HISTORY, view="prompts")

    assert [(tile["alt"], tile["note"]) for tile in tiles(tab)] == [("a mug", "× 1"), ("a red cup", "× 3")]


def test_the_numbers_are_those_of_the_ledger(studio: Studio) -> None:
    studio.make("a red cup", count=3)
    tab = studio.open(HISTORY, view="numbers")

    assert [metric.value for metric in tab.metric] == ["3", "$0.00", "100%", "0"]
    table = tab.dataframe[0].value
    assert list(table["Images"]) == [3]
    assert list(table["Model"]) == ["GPT Image 1.5 (simulated)"]
    assert "begin with the first image" in written(studio.open(HISTORY, view="numbers")) or len(table) == 1


def test_everything_is_exported_and_comes_back(studio: Studio) -> None:
    made = studio.make("一隻紅色杯子", count=2)
    services.curation().rate([made[0].id], 5)
    tab = studio.open(HISTORY, view="backup")

    tab.button(key="all_export").click().run()
    until(lambda: ended(tab))
    tab.run()

    assert "Export ready:** 2 images" in written(tab)
    archive = next((studio.folder / "data" / "exports").glob("*.zip"))
    with zipfile.ZipFile(archive) as zipped:
        assert "manifest.jsonl" in zipped.namelist()
    before = [services.library().get(it.id) for it in made]
    content = archive.read_bytes()
    _wipe(studio.folder / "data")
    tab = studio.open(HISTORY, view="backup")
    tab.file_uploader(key="import_archive").set_value(("mine.zip", content, "application/zip")).run()
    press(tab, "Import")
    until(lambda: ended(tab))
    tab.run()

    assert "2 brought in" in written(tab)
    assert [services.library().get(it.id) for it in made] == before


def ended(tab: AppTest) -> bool:
    errand = services.start().errands.get(params(tab)["errand"][0])
    return bool(errand and errand.ended)


def _wipe(folder: Path) -> None:
    services.stop()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def test_a_bad_archive_is_refused_in_words(studio: Studio) -> None:
    tab = studio.open(HISTORY, view="backup")
    tab.file_uploader(key="import_archive").set_value(("mine.zip", b"no zip", "application/zip")).run()
    press(tab, "Import")
    until(lambda: ended(tab))

    assert not tab.run().exception
    assert tab.warning
    press(tab, "Dismiss")
    assert "errand" not in params(tab)


def test_a_bad_rule_for_names_is_said(studio: Studio) -> None:
    studio.make()
    tab = studio.open(HISTORY, view="backup")
    tab.text_input(key="all_rule").set_value("{nonsense}").run()

    assert "unknown field" in written(tab)
    assert tab.button(key="all_export").disabled


def test_a_backup_is_made_and_read_again(studio: Studio) -> None:
    studio.make()
    tab = press(studio.open(HISTORY, view="backup"), "Back up now")
    until(lambda: ended(tab), within_s=30)

    assert "Backup made and read again:** 1 image," in written(tab.run())
    assert list((studio.folder / "data" / "backups").iterdir())


def test_an_exported_image_dropped_in_fills_the_form(studio: Studio) -> None:
    made = studio.make("a red bicycle, 紅色")[0]
    original = services.files().original(made.pictures[0]).read_bytes()
    content = embedding.embedded(original, embedding.described(made, made.pictures[0]))
    tab = studio.open()

    tab.file_uploader(key=session.DROPPED).set_value(("renamed.jpg", content, "image/jpeg")).run()

    assert tab.text_area(key="generate_prompt").value == "a red bicycle, 紅色"
    assert tab.button_group(key="generate_quality").value == "low"
    assert "The form has the settings of" in written(tab)


def test_a_foreign_image_gives_its_prompt_and_says_what_is_left_out(studio: Studio) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", "a castle\nNegative prompt: fog\nSteps: 20, Sampler: Euler, Seed: 7, Size: 1024x1536")
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=text)
    tab = studio.open()

    tab.file_uploader(key=session.DROPPED).set_value(("foreign.png", buffer.getvalue(), "image/png")).run()

    assert tab.text_area(key="generate_prompt").value == "a castle"
    assert tab.selectbox(key="generate_size").value == "1024x1536"
    words = written(tab)
    assert "Sampler Euler" in words
    assert "negative prompt" in words
    assert "Size 1024x1536" not in words


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_a_file_without_settings_leaves_the_form_alone(studio: Studio, content: bytes) -> None:
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("mine").run()

    tab.file_uploader(key=session.DROPPED).set_value(("x.png", content, "image/png")).run()

    assert tab.text_area(key="generate_prompt").value == "mine"
    assert not tab.exception


def test_hostile_words_are_literal_in_every_view(studio: Studio) -> None:
    made = studio.make(HOSTILE)[0]
    services.curation().write_note(made.id, HOSTILE)
    services.curation().tag([made.id], HOSTILE[:40])
    services.curation().move([made.id], services.curation().add_folder(HOSTILE[:40]).id)
    folder = services.curation().folders()[0].id
    for query in (
        {"image": made.id},
        {"tag": HOSTILE[:40]},
        {"folder": folder},
        {"view": "numbers"},
        {"words": HOSTILE},
    ):
        tab = studio.open(HISTORY, **query)
        assert "](http" not in written(tab)
        assert not any("](http" in label for label in labels(tab))


def test_what_is_under_way_is_shown_as_such(studio: Studio, provided: Simulator) -> None:
    provided.fault("task", "slow-task", seconds=60)
    services.engine().submit(REQUEST, key=Slot(run="slow").key)
    until(lambda: services.store().latest()[0].state is State.RUNNING)

    assert tiles(studio.open(HISTORY))[0]["note"] == "Being made"


def test_an_errand_is_found_again_after_a_look_elsewhere(studio: Studio) -> None:
    studio.make()
    tab = studio.open(HISTORY, view="backup")
    tab.button(key="all_export").click().run()
    until(lambda: ended(tab))

    tab.switch_page("../pages/generate.py").run()
    tab.query_params.clear()
    tab.switch_page(HISTORY).run()

    assert "Export ready:** 1 image," in written(tab)
    assert "ended with the server" in written(studio.open(HISTORY, errand="0123456789abcdef"))


def test_addresses_from_nowhere_show_what_there_is(studio: Studio) -> None:
    studio.bring("a cup")
    for query in ({"after": "1.x"}, {"after": f"{'9' * 19}.x"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}):
        assert alts(studio.open(HISTORY, **query)) == ["a cup"], query


def test_settings_that_the_form_lacks_are_named(studio: Studio) -> None:
    other = item(1, model="nobody/knows", parameters={"size": "1024x1024", "wobble": "7"})
    services.library().bring_back(other, [])

    tab = press(studio.open(HISTORY, image=other.id), "Use again")

    assert "no place for it: model, wobble" in written(tab).replace("\\", "")


def test_a_selection_is_for_one_search(studio: Studio) -> None:
    made = studio.make()[0]
    tab = studio.open(HISTORY)
    tab.session_state["selection"] = frozenset({made.id})
    assert "**1 selected**" in written(tab.run())

    tab.text_input(key="find_words").set_value("bicycle").run()

    assert "1 found" in written(tab)


def test_what_cannot_be_deleted_is_said(studio: Studio) -> None:
    made = studio.make()[0]
    tab = studio.open(HISTORY)
    tab.session_state["selection"] = frozenset({made.id, "nobody"})
    press(tab.run(), "Delete")

    assert "1 not deleted" in tab.toast[0].value
    assert "Undo" in labels(tab)


def test_the_bin_is_emptied_and_put_back_many_at_once(studio: Studio) -> None:
    made = studio.make("a cup", count=3)
    services.curation().delete([it.id for it in made])
    tab = studio.open(HISTORY, view="bin")

    press(tab, "Select all 3")
    tab.session_state["selection"] = frozenset({made[0].id})
    press(tab.run(), "Put back")
    assert alts(studio.open(HISTORY)) == ["a cup"]

    press(tab, "Select all 2")
    press(tab, "Erase for good")
    assert "The bin is empty" in written(tab)
    assert services.ledger().by_model()[0].images == 3

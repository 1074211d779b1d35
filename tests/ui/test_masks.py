"""A mask beside the reference image: offered where the model has one, sent as a picture, and used again."""

import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from atlas.models import DEFAULT_MODEL
from atlas.simulator import Simulator
from studio import references
from studio.generations import State
from studio.store import UPLOADED
from tests.ui.conftest import A_DOT, Studio
from tests.ui.test_forms import HISTORY, choose
from tests.ui.test_pages import press, written
from ui import models, services, session

MASKED = "openai/gpt-image-1/edit"
FLARE = "openai/gpt-image-2.5-flare/edit"
UNMASKED = "openai/gpt-image-1.5/edit"
MASK_FILE = session.mask_file("generate")
FILES = session.reference_files("generate")


def a_mask(alpha: int = 0) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 255, 255, alpha)).save(buffer, "PNG")
    return buffer.getvalue()


def places(tab: AppTest) -> list[str]:
    assert not tab.exception
    return [expander.label for expander in tab.expander if expander.label.startswith("Mask")]


def opened(studio: Studio, model: str) -> AppTest:
    tab = choose(studio.open(), model)
    tab.text_area(key="generate_prompt").set_value("a hat").run()
    return tab.file_uploader(key=FILES).set_value(("mine.png", A_DOT, "image/png")).run()


def masked(tab: AppTest) -> AppTest:
    return tab.file_uploader(key=MASK_FILE).set_value(("mask.png", a_mask(), "image/png")).run()


def test_a_mask_is_offered_where_the_model_has_one_and_there_is_a_picture(studio: Studio) -> None:
    tab = choose(studio.open(), MASKED)
    assert not places(tab)

    tab.file_uploader(key=FILES).set_value(("mine.png", A_DOT, "image/png")).run()
    assert places(tab) == ["Mask"]
    assert "OpenAI's models change what is transparent" in written(tab).replace("\\", "")
    assert not places(choose(tab, UNMASKED))
    assert places(choose(tab, FLARE)) == ["Mask"]


def test_a_mask_is_sent_as_a_picture_with_its_transparency(studio: Studio, provided: Simulator) -> None:
    press(masked(opened(studio, MASKED)), "Generate")
    studio.until_idle()

    made = next(one for one in services.store().latest() if one.provider != UPLOADED)
    assert made.state is State.COMPLETED, made.problem
    assert str(made.parameters["mask_image"]).startswith(references.PREFIX)
    body = next(one["body"] for one in provided.requests() if one["path"].endswith("/generateImage"))
    assert body["mask_image"].startswith(f"{provided.url}/media/")
    assert body["image"].startswith(f"{provided.url}/media/")
    assert body["mask_image"] != body["image"]
    uploads = [one for one in provided.requests() if one["path"].endswith("/uploadMedia")]
    assert len(uploads) == 2
    stored = services.files().find(str(references.mask_of(made.parameters)))
    assert stored is not None
    with Image.open(io.BytesIO(references.normalised(stored.read_bytes()))) as sent:
        assert sent.getchannel("A").getextrema() == (0, 0)


def test_a_mask_goes_where_the_other_model_has_its_own_and_is_named_where_none_is(studio: Studio) -> None:
    tab = masked(opened(studio, MASKED))
    assert places(tab) == ["Mask (1)"]

    press(choose(tab, FLARE), "Generate")
    studio.until_idle()
    made = next(one for one in services.store().latest() if one.provider != UPLOADED)
    assert str(made.parameters["mask"]).startswith(references.PREFIX)
    assert "mask_image" not in made.parameters

    assert "The mask is left out: this model takes none." in written(choose(tab, UNMASKED))
    press(choose(tab, MASKED), "Take out")
    assert "The mask is left out: there is no reference image to change." in written(tab)


def test_what_was_made_with_a_mask_is_used_again_with_it_and_the_mask_is_no_reference(studio: Studio) -> None:
    press(masked(opened(studio, MASKED)), "Generate")
    studio.until_idle()
    made = next(one for one in services.store().latest() if one.provider != UPLOADED)
    assert "with a mask" in written(studio.open())

    again = press(studio.open(HISTORY, image=made.id), "Use again")
    assert again.session_state["references_generate"] == [made.parameters["image"]]
    assert again.session_state["mask_generate"] == made.parameters["mask_image"]
    assert places(again) == ["Mask (1)"]
    assert press(again, "Take out the mask").session_state["mask_generate"] == ""

    plain_one = studio.make("a red bicycle")[0]
    assert press(studio.open(HISTORY, image=plain_one.id), "Use again").session_state["mask_generate"] == ""


def test_what_is_no_picture_is_refused_as_a_mask(studio: Studio) -> None:
    tab = opened(studio, MASKED)
    tab.file_uploader(key=MASK_FILE).set_value(("mask.png", b"no picture", "image/png")).run()

    assert "no usable image" in tab.toast[0].value
    assert places(tab) == ["Mask"]
    assert DEFAULT_MODEL not in {model.id for model in models.offered() if models.schema(model.id).mask}


def test_a_mask_goes_into_the_form_of_a_comparison_too(studio: Studio) -> None:
    press(masked(opened(studio, MASKED)), "Generate")
    studio.until_idle()
    made = next(one for one in services.store().latest() if one.provider != UPLOADED)

    tab = press(studio.open(HISTORY, image=made.id), "As prompt A")

    assert tab.session_state["mask_arms"] == made.parameters["mask_image"]
    assert tab.session_state["references_arms"] == [made.parameters["image"]]
    assert "Left out" not in written(tab)
    assert places(tab) == ["Mask (1)"]

"""Reference pictures: named by hash on record, upright and without metadata on their way, uploaded once."""

import io
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from atlas import AtlasClient, ImageRequest, Key
from atlas.models import Value
from atlas.simulator import Simulator
from studio.curation import Curation
from studio.database import open_database
from studio.engine import Engine
from studio.experiments import Experiments
from studio.generations import Generation, Picture, Slot, State
from studio.images import ImageFiles, NotAnImage
from studio.references import BYTE_LIMIT, SIDE_LIMIT, Missing, References, addressed, hashes, name_of, normalised
from studio.store import Store
from tests.conftest import CANARY, SMALL
from tests.studio.conftest import BRISK, PROVIDER, settled, until

SUBMIT = "/api/v1/model/generateImage"
UPLOAD = "/api/v1/model/uploadMedia"
SEVERAL = "openai/gpt-image-1.5/edit"
EDIT = "atlascloud/qwen-image/edit"  # of one picture, in its size
ORIENTATION, MAKER = 0x0112, 0x010F


@dataclass(kw_only=True)
class Clock:
    """Epoch seconds that only a test moves."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, kw_only=True)
class Studio:
    """An engine and a provider whose clock is moved by the test, and pictures to refer to."""

    engine: Engine
    files: ImageFiles
    simulator: Simulator
    clock: Clock

    def picture(self, colour: str = "red") -> Picture:
        return self.files.keep(png(colour))

    def made(self, number: int = 1, *, model: str = EDIT, **parameters: Value) -> Generation:
        request = ImageRequest(prompt="in watercolour", model=model, parameters=parameters)
        return settled(self.engine, self.engine.submit(request, key=Slot(run="run", number=number).key))

    def sent(self) -> list[Any]:
        """The bodies of all submits."""
        return [one["body"] for one in self.simulator.requests() if one["path"] == SUBMIT]

    def uploads(self) -> int:
        return self.simulator.count("POST", UPLOAD)


Opener = Callable[..., Studio]


@pytest.fixture
def open_studio(store: Store, files: ImageFiles) -> Iterator[Opener]:
    running: list[Studio] = []

    def opened(*, strict: bool = False, upload_hours: float = 24) -> Studio:
        clock = Clock()
        simulator = Simulator(latency=0, control=True, strict=strict, clock=clock, upload_hours=upload_hours)
        simulator.start()
        client = AtlasClient(Key(CANARY), simulator.url)
        engine = Engine(store, files, client, provider=PROVIDER, pace=BRISK, lease_s=2, clock=clock)
        engine.start()
        running.append(Studio(engine=engine, files=files, simulator=simulator, clock=clock))
        return running[-1]

    yield opened
    for studio in running:
        studio.engine.drain()
        studio.simulator.stop()


@pytest.fixture
def studio(open_studio: Opener) -> Studio:
    return open_studio()


def png(colour: str = "red", size: tuple[int, int] = (60, 40)) -> bytes:
    return encoded(Image.new("RGB", size, colour), "PNG")


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def noise(size: tuple[int, int], channels: int) -> Image.Image:
    """A picture that cannot be made small."""
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (size[1], size[0], channels), dtype=np.uint8))


def test_an_edit_is_sent_with_addresses_and_stored_with_names(studio: Studio, store: Store) -> None:
    names = [name_of(studio.picture(colour)) for colour in ("red", "blue")]

    done = studio.made(model=SEVERAL, images=names)

    assert done.state is State.COMPLETED
    assert list(store.get(done.id).parameters["images"]) == names  # type: ignore[arg-type]
    sent = studio.sent()[0]["images"]
    assert [urlsplit(address).path.split("/")[1] for address in sent] == ["media", "media"]
    assert len(set(sent)) == studio.uploads() == 2


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("field", ["images", "image", "image_urls"])
def test_every_field_for_pictures_is_understood_as_text_or_list(field: str, several: bool) -> None:
    named, address = f"studio:{'ab' * 32}", "https://example.com/a.png"
    parameters: dict[str, Value] = {"n": 1, field: (address, named, named) if several else named}

    assert hashes(parameters) == ["ab" * 32]
    sent = addressed(parameters, {"ab" * 32: "https://atlas/1.png"})

    uploaded = "https://atlas/1.png"
    assert sent == {"n": 1, field: [address, uploaded, uploaded] if several else uploaded}


def test_a_picture_is_uploaded_once_however_many_use_it_at_once(studio: Studio) -> None:
    name = name_of(studio.picture())

    with ThreadPoolExecutor(6) as many:
        done = list(many.map(lambda number: studio.made(number, image=name), range(1, 7)))

    assert {generation.state for generation in done} == {State.COMPLETED}
    assert studio.uploads() == 1
    assert len({body["image"] for body in studio.sent()}) == 1


def test_an_address_is_used_for_twelve_hours_and_then_made_anew(studio: Studio) -> None:
    name = name_of(studio.picture())
    for number, hours in enumerate([0, 11.9, 0.2], 1):
        studio.clock.now += hours * 3600
        assert studio.made(number, image=name).state is State.COMPLETED
        assert studio.uploads() == (1, 1, 2)[number - 1]


def test_an_address_from_a_time_to_come_is_made_anew(studio: Studio) -> None:
    name = name_of(studio.picture())
    studio.made(image=name)
    studio.clock.now -= 3600

    assert studio.made(2, image=name).state is State.COMPLETED
    assert studio.uploads() == 2


def test_an_address_that_expired_is_made_anew_once_where_nothing_was_accepted(open_studio: Opener) -> None:
    studio = open_studio(strict=True, upload_hours=1)
    name = name_of(studio.picture())
    studio.made(image=name)
    studio.clock.now += 2 * 3600

    done = studio.made(2, image=name)

    assert done.state is State.COMPLETED
    assert studio.uploads() == 2
    assert len(studio.sent()) == 3


def test_a_refusal_for_another_reason_is_not_sent_for_ever(open_studio: Opener) -> None:
    studio = open_studio(strict=True)
    name = name_of(studio.picture())
    studio.made(image=name)
    studio.clock.now += 2 * 3600

    failed = studio.made(2, image=name, unheard_of="x")

    assert failed.state is State.FAILED
    assert "did not accept" in failed.problem
    assert studio.uploads() == 2
    assert len(studio.sent()) == 3


def test_what_was_accepted_is_never_sent_again_and_a_retry_brings_the_pictures_anew(open_studio: Opener) -> None:
    studio = open_studio(upload_hours=1)
    name = name_of(studio.picture())
    studio.made(image=name)
    studio.clock.now += 2 * 3600

    failed = studio.made(2, image=name)
    assert failed.state is State.FAILED
    assert len(studio.sent()) == 2

    assert settled(studio.engine, studio.engine.retry(failed)).state is State.COMPLETED
    assert studio.uploads() == 2


@pytest.mark.parametrize("name", ["studio:" + "ab" * 32, "studio:../../etc/passwd", "studio:"])
def test_a_picture_that_is_not_there_fails_in_words_and_nothing_is_sent(studio: Studio, name: str) -> None:
    failed = studio.made(model=SEVERAL, images=[name_of(studio.picture()), name])

    assert failed.state is State.FAILED
    assert failed.problem.startswith("Reference picture 2 is not in the studio any more, so nothing was sent.")
    assert studio.uploads() == 0
    assert studio.sent() == []


def test_a_picture_that_cannot_be_read_fails_in_words(studio: Studio) -> None:
    picture = studio.picture()
    studio.files.original(picture).write_bytes(b"\x89PNG\r\n\x1a\n and no more")

    failed = studio.made(image=name_of(picture))

    assert failed.state is State.FAILED
    assert "Choose another picture" in failed.problem
    assert studio.sent() == []


@pytest.mark.parametrize("fault", ["500", "reset", "429", "html-200", "cut-body"])
def test_an_upload_that_fails_is_tried_again_and_until_then_it_waits_with_a_reason(
    studio: Studio, store: Store, fault: str
) -> None:
    studio.simulator.fault("upload", fault, times=1000)
    request = ImageRequest(prompt="x", model=EDIT, parameters={"image": name_of(studio.picture())})
    generation = studio.engine.submit(request, key=Slot(run="run").key)
    until(lambda: "again by itself" in store.get(generation.id).problem)
    until(lambda: studio.uploads() > 2)
    assert store.get(generation.id).state is State.QUEUED
    assert studio.sent() == []

    studio.simulator.forget_faults()

    done = settled(studio.engine, generation)
    assert (done.state, done.problem) == (State.COMPLETED, "")
    assert len(studio.sent()) == 1


def test_a_refused_key_is_said_at_once(studio: Studio) -> None:
    studio.simulator.fault("upload", "401")

    failed = studio.made(image=name_of(studio.picture()))

    assert failed.state is State.FAILED
    assert "refused the key" in failed.problem
    assert CANARY not in failed.problem
    assert studio.sent() == []


def test_what_is_sent_is_upright_and_tells_nothing_about_whose_it_is(studio: Studio) -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "a camera of mine"
    exif.get_ifd(0x8825)[1] = "N"
    about = encoded(Image.new("RGB", (60, 40), "red"), "JPEG", exif=exif, comment=b"a comment of mine", dpi=(72, 72))
    picture = studio.files.keep(about)

    assert studio.made(image=name_of(picture)).state is State.COMPLETED

    sent = downloaded(studio)
    image = opened(sent)
    assert (image.format, image.size) == ("JPEG", (40, 60))
    assert not image.getexif()
    assert not {"exif", "comment", "dpi", "icc_profile"} & set(image.info)
    assert b"of mine" not in sent


def downloaded(studio: Studio) -> bytes:
    with urlopen(studio.sent()[0]["image"]) as reply:
        content: bytes = reply.read()
    return content


def test_a_drawing_stays_lossless_and_loses_its_words() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_itxt("parameters", "a secret prompt")
    drawing = noise((50, 30), 4)

    sent = normalised(encoded(drawing, "PNG", pnginfo=words, dpi=(300, 300)))

    assert opened(sent).format == "PNG"
    assert opened(sent).tobytes() == drawing.tobytes()
    assert b"secret" not in sent
    assert b"pHYs" not in sent


def test_colours_are_sent_as_they_are_meant() -> None:
    """Red and blue change places in this profile, so what it calls red is to be sent as blue."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(lab)
    red, blue = lab.index(b"rXYZ"), lab.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"

    sent = opened(normalised(encoded(Image.new("RGB", (8, 8), "red"), "PNG", icc_profile=bytes(swapped))))

    red_seen, _, blue_seen = sent.getpixel((4, 4))  # type: ignore[misc]
    assert red_seen < 10
    assert blue_seen > 245
    assert "icc_profile" not in sent.info


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK", "RGBA"])
def test_every_kind_of_pixels_can_be_sent(mode: str) -> None:
    name = "JPEG" if mode == "CMYK" else "PNG"
    level = 255 if mode == "1" else 200
    grey = Image.new("L", (8, 8), level)
    image = Image.new("I;16", (8, 8), level * 257) if mode == "I;16" else grey.convert(mode)

    sent = opened(normalised(encoded(image, name, icc_profile=b"not a profile")))

    assert sent.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
    assert all(abs(channel - level) <= 3 for channel in sent.getpixel((4, 4))[:3])  # type: ignore[index]


def test_a_picture_is_never_too_large_to_be_sent() -> None:
    sent = normalised(encoded(Image.new("RGB", (6000, 3000)), "WEBP", quality=10))

    assert opened(sent).size == (SIDE_LIMIT, 2048)


@pytest.mark.parametrize(("channels", "kind"), [(3, "JPEG"), (4, "WEBP")])
def test_a_picture_is_never_too_heavy_to_be_sent(channels: int, kind: str) -> None:
    heavy = encoded(noise((2000, 1800), channels), "PNG", compress_level=1)
    assert len(heavy) > BYTE_LIMIT

    sent = normalised(heavy)

    assert len(sent) <= BYTE_LIMIT
    assert opened(sent).format == kind


def test_what_is_no_picture_is_not_sent(files: ImageFiles, client: AtlasClient) -> None:
    with pytest.raises(NotAnImage):
        normalised(b"GIF89a")
    with pytest.raises(Missing):
        References(files, client.upload).addresses(["ab" * 32])


def test_a_file_that_somebody_refers_to_is_not_unused(database_url: str, store: Store, files: ImageFiles) -> None:
    database = open_database(database_url)
    curation = Curation(database)
    used, compared, unused = (files.keep(png(colour)) for colour in ("red", "blue", "green"))
    for picture in (used, compared, unused):
        _age(files, picture)
    edit = ImageRequest(prompt="x", model=EDIT, parameters={"images": (name_of(used),)})
    store.add(edit, Slot(run="run"), provider=PROVIDER)
    arms = [ImageRequest(prompt="x", model=EDIT, parameters={"image": name_of(compared)}), SMALL]
    Experiments(database, store).start("e" * 16, "Two", arms, draws=1, provider=PROVIDER)

    assert curation.remove_unused(files) == 1

    assert files.hashes() == {used.sha256, compared.sha256}
    database.dispose()


def _age(files: ImageFiles, picture: Picture) -> None:
    """As if it had been kept two hours ago."""
    path: Path = files.original(picture)
    for each in path.parent.iterdir():
        os.utime(each, (time.time() - 7200,) * 2)

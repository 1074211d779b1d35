"""The real service, when ATLASCLOUD_API_KEY is set: costs about one US cent, so never otherwise."""

import os
import time

import pytest

from atlas import AtlasClient, ImageRequest, Key
from studio.images import decoded

KEY = os.environ.get("ATLASCLOUD_API_KEY", "")


@pytest.mark.skipif(not KEY, reason="needs a real key in ATLASCLOUD_API_KEY, and spends about one US cent")
@pytest.mark.usefixtures("outside")
def test_the_real_service_makes_an_image_as_the_contract_says() -> None:
    client = AtlasClient(Key(KEY))
    prediction = client.submit(ImageRequest(prompt="a red bicycle", parameters={"size": "1024x1024", "quality": "low"}))

    deadline = time.monotonic() + 300
    while not prediction.is_terminal and time.monotonic() < deadline:
        time.sleep(3)
        prediction = client.prediction(prediction.id)

    assert prediction.problem == ""
    with decoded(client.download(prediction.outputs[0])) as image:
        assert image.size == (1024, 1024)

"""The real service, when ATLASCLOUD_API_KEY is set. One test spends about one US cent, so never otherwise."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atlas import AtlasClient, ImageRequest, Key
from atlas.account import Grouping
from atlas.catalog import Catalogue
from atlas.models import DEFAULT_MODEL
from atlas.openapi import schema_of
from studio.images import decoded

KEY = os.environ.get("ATLASCLOUD_API_KEY", "")

pytestmark = [
    pytest.mark.skipif(not KEY, reason="needs a real key in ATLASCLOUD_API_KEY"),
    pytest.mark.usefixtures("outside"),
]


@pytest.fixture
def real() -> AtlasClient:
    return AtlasClient(Key(KEY))


def test_the_real_service_makes_an_image_as_the_contract_says(real: AtlasClient) -> None:
    prediction = real.submit(ImageRequest(prompt="a red bicycle", parameters={"size": "1024x1024", "quality": "low"}))

    deadline = time.monotonic() + 300
    while not prediction.is_terminal and time.monotonic() < deadline:
        time.sleep(3)
        prediction = real.prediction(prediction.id)

    assert prediction.problem == ""
    with decoded(real.download(prediction.outputs[0])) as image:
        assert image.size == (1024, 1024)


def test_the_real_catalogue_offers_the_default_model_with_its_price(tmp_path: Path) -> None:
    catalogue = Catalogue(AtlasClient(None), tmp_path, patience_s=30)

    assert catalogue.refresh()

    model = catalogue.find(DEFAULT_MODEL)
    assert model is not None
    assert model.is_offered
    assert model.floor is not None
    assert catalogue.edit_twin(model) is not None
    assert catalogue.text_models()


def test_the_real_schema_of_the_default_model_is_a_form(tmp_path: Path) -> None:
    schema = Catalogue(AtlasClient(None), tmp_path, patience_s=30).schema(DEFAULT_MODEL)

    size, quality = schema.field("size"), schema.field("quality")
    assert size is not None
    assert quality is not None
    assert schema.body({"size": "1024 × 1024", "quality": "low", "steps": 20}) == {
        "size": "1024x1024",
        "quality": "low",
    }
    assert schema.notes == ()


def test_the_first_ten_real_schemas_are_forms() -> None:
    anyone = AtlasClient(None)
    addresses = [model.schema for model in anyone.models() if model.is_offered and model.schema][:10]

    for address in addresses:
        assert not schema_of(anyone.document(address)).raw, address


def test_a_real_estimate_is_money_with_and_without_a_key(real: AtlasClient) -> None:
    request = ImageRequest(prompt="a red bicycle", parameters={"size": "1024x1024", "quality": "low"})

    assert 0 < real.calculate(request).price < 1
    assert 0 < AtlasClient(None).calculate(request).price < 1


def test_the_real_history_account_and_reports_are_readable(real: AtlasClient) -> None:
    today = datetime.now(UTC).date()

    history = real.history(size=5)
    assert len(history.runs) <= 5
    assert all(run.created is not None and run.model for run in history.runs)
    assert real.balance().available is not None
    assert real.usage(today - timedelta(days=7), today + timedelta(days=1), grouping=Grouping.MODEL).is_whole
    assert real.costs(today - timedelta(days=7), today + timedelta(days=1)).amount >= 0

"""Whatever a provider says, reading it gives a value or one of our errors."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from atlas.account import balance_of, next_page, report_of
from atlas.chatting import completion_of
from atlas.errors import AtlasError
from atlas.models import ImageRequest, prediction_of
from atlas.openapi import schema_of
from atlas.past import history_of
from atlas.prices import estimate_of, price_of
from atlas.reading import Json, items, mapping, parsed
from atlas.rows import models_of, text_models_of
from atlas.uploading import upload_of
from tests.conftest import REQUEST
from tests.properties import replies
from tests.properties.trying import tries
from tests.properties.values import anything, shaken, texts


def read(reply: Json, reader: Callable[[Any], Any]) -> Any:
    """What the reader makes of the reply, None for one of our errors; every sentence can be shown."""
    try:
        found = reader(mapping(reply))
    except AtlasError as trouble:
        shown(trouble.explanation, str(trouble))
        return None
    assert repr(found)
    return found


def shown(*sentences: str) -> None:
    """Fails for what has half characters in it: no browser takes it, nor PostgreSQL."""
    "".join(sentences).encode()


@tries(400)
@given(shaken(replies.PREDICTION, replies.FAILED))
def test_any_prediction_is_read_or_refused(reply: Json) -> None:
    found = read(reply, prediction_of)

    if found:
        shown(found.problem, found.word, found.error, found.rewritten)
        assert found.price is None or 0 <= found.price < 1_000_000
        assert read(reply, lambda told: prediction_of(told, expected_id="ours")).id == "ours"


@tries(400)
@given(shaken(replies.HISTORY))
def test_any_history_is_read_or_refused(reply: Json) -> None:
    found = read(reply, lambda told: history_of(told, page=1, size=20))

    for run in found.runs if found else ():
        shown(run.prompt, run.model)
        assert run.is_of(REQUEST) in {True, False}
        assert run.created is None or run.created.isoformat()


@tries(400)
@given(shaken(replies.CATALOGUE["data"]))
def test_any_catalogue_is_read(rows: Json) -> None:
    listed = items(rows)

    for model in models_of(listed):
        assert model.id.isascii()
        shown(model.name, model.vendor, model.profile, model.schema, model.price.label, *model.tags)
    for words in text_models_of(listed):
        shown(words.name, words.vendor)
    assert all(price_of(mapping(row)).label for row in listed)


@tries(400)
@given(shaken(replies.ESTIMATE), shaken(replies.BALANCE), shaken(replies.UPLOAD))
def test_any_estimate_balance_and_upload_is_read_or_refused(estimate: Json, balance: Json, upload: Json) -> None:
    priced, held, lent = read(estimate, estimate_of), read(balance, balance_of), read(upload, upload_of)

    assert not priced or (priced.label.startswith(("$", "about $", "free")) and 0 <= priced.percent_off <= 100)
    assert not held or held.available.is_finite()
    assert not lent or lent.address.startswith(("https://", "http://"))


@tries(400)
@given(st.lists(shaken(replies.REPORT), min_size=1, max_size=3))
def test_any_report_is_read_or_refused(pages: list[Json]) -> None:
    found = read({}, lambda _: report_of([mapping(page) for page in pages]))

    if found:
        assert found.amount.is_finite()
        assert found.count("images") is not None
        assert [day.day for day in found.days] == sorted({day.day for day in found.days})
        assert all(next_page(mapping(page)).isascii() for page in pages)


@tries(400)
@given(shaken(replies.COMPLETION))
def test_any_help_with_words_is_read_or_refused(reply: Json) -> None:
    found = read(reply, lambda told: completion_of(told, model="m"))

    assert not found or (found.text.strip() and found.text.encode())


@tries(400)
@given(shaken(*replies.SCHEMAS), st.integers(0, 99), anything)
def test_any_schema_is_a_form_that_sends_only_what_json_can_say(document: Json, place: int, value: Json) -> None:
    schema = schema_of(document)
    names = [field.name for field in schema.fields]
    values = {names[place % len(names)]: value}

    problems = schema.problems(values)
    sent = {} if problems else schema.body(values)
    kept, _ = schema.keep(values)

    shown(*schema.notes, *problems, *(field.example for field in schema.fields))
    shown(*(field.label(choice) for field in schema.fields for choice in field.choices))
    assert {*sent, *kept} <= set(names)
    ImageRequest(prompt="a fox", parameters=sent)
    json.dumps([schema.body({}), sent, kept], allow_nan=False, default=dict).encode()


@tries(400)
@given(st.one_of(st.binary(), texts.map(lambda text: text.encode(errors="replace")), anything.map(json.dumps)))
def test_any_bytes_are_json_or_a_value_error(content: bytes | str) -> None:
    try:
        value = parsed(content)
    except ValueError:
        return
    assert repr(value)

"""A setting that is a list of objects, such as LoRAs, is kept, exported, brought back and copied as it was sent."""

import ast
from dataclasses import replace
from decimal import Decimal

import pytest

from atlas.models import ImageRequest, Parameters, Record
from studio import snippets
from studio.archives.manifest import Entry, line, parse
from studio.embedding.described import described, parsed, record_of
from studio.engine import Engine
from studio.generations import Generation, Slot, State
from studio.store import Store
from tests.studio.conftest import settled
from tests.studio.shelves import PICTURE, item

LORAS: tuple[Record, ...] = ({"path": "owner/style", "scale": 0.8}, {"path": "owner/other\n“x”"})
REQUEST = ImageRequest(
    prompt="a hat", model="black-forest-labs/flux-kontext-dev-lora", parameters={"loras": LORAS, "size": "256*256"}
)


def made() -> Generation:
    generation = item(1).generation
    parameters: Parameters = {"loras": list(LORAS)}
    return replace(generation, model=REQUEST.model, parameters=parameters, price=Decimal("0.01"), pictures=())


def test_the_database_gives_it_back_as_it_was_sent(store: Store) -> None:
    kept = store.add(REQUEST, Slot(run="loras"), provider="atlas")

    assert store.get(kept.id).request == REQUEST
    assert store.get(kept.id).request.body()["loras"] == LORAS


def test_it_reaches_the_provider_as_a_list_of_objects(engine: Engine) -> None:
    picture = "data:image/png;base64,iVBORw0KGgo="
    request = replace(REQUEST, parameters={**REQUEST.parameters, "image": picture})

    ended = settled(engine, engine.submit(request, key=Slot(run="loras").key))

    assert ended.state is State.COMPLETED, ended.problem
    assert ended.request == request


def test_a_line_of_an_archive_is_read_back_equal() -> None:
    entry = Entry(item=replace(item(1), generation=made()), events=(), packed=())

    assert parse(line(entry)).item.generation == made()


def test_an_archive_that_hides_what_no_database_takes_is_refused() -> None:
    hostile = replace(made(), parameters={"loras": [{"path": "a\0b"}]})

    with pytest.raises(ValueError, match="parameters make no sense"):
        parse(line(Entry(item=replace(item(1), generation=hostile), events=(), packed=())))


@pytest.mark.parametrize("parameters", [{"loras": [{"path": ["a"]}]}, {"loras": [{"path": "a"}, "b"]}, {"a": {"b": 1}}])
def test_what_is_nested_deeper_is_no_parameter(parameters: dict[str, object]) -> None:
    strange = replace(made(), parameters=parameters)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="parameters make no sense"):
        parse(line(Entry(item=replace(item(1), generation=strange), events=(), packed=())))


def test_an_image_file_that_describes_itself_has_it() -> None:
    found = parsed(record_of(described(made(), PICTURE)))

    assert found is not None
    assert found.request.parameters["loras"] == LORAS


def test_the_program_to_copy_has_it() -> None:
    program = ast.parse(snippets.python(made(), "https://a.example"))
    body = next(
        node for node in program.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BODY"
    )

    assert ast.literal_eval(body.value)["loras"] == LORAS
    assert '"scale": 0.8' in snippets.curl(made(), "https://a.example")

"""Finding again what was made, on both databases."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from atlas import ImageRequest
from studio.curation import Curation
from studio.database import open_database
from studio.experiments import Experiments
from studio.generations import Slot, State
from studio.library import Cursor, Item, Library
from studio.search import Search, Sort
from studio.store import Store
from tests.studio.shelves import BEGIN, fill, item


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def found(library: Library, **conditions: object) -> list[int]:
    """The numbers of what is found, in order."""
    entries = library.page(Search(**conditions)).entries  # type: ignore[arg-type]
    return [int(each.id[12:], 16) for each in entries]


def test_words_are_found_in_any_case_and_language(database: Engine) -> None:
    library = fill(
        database,
        [item(1, "Ein Café in Köln"), item(2, "一輛紅色腳踏車"), item(3, "a 100% _real_ cup"), item(4, "a real cup")],
    )

    assert found(library, words="CAFE koln") == [1]
    assert found(library, words="紅色") == [2]
    assert found(library, words="100% _real_") == [3]
    assert found(library, words="cup -_real_") == [4]
    assert found(library, words='"real cup"') == [4]
    assert found(library, words="nothing like it") == []


def test_every_filter_keeps_what_it_names(database: Engine) -> None:
    library = fill(
        database,
        [
            item(1, model="a/b", rating=5, starred=True, tags=("Final", "Q4"), folder="Spring"),
            item(2, parameters={"size": "1024*1536", "quality": "high"}, rating=2, tags=("q4",)),
            item(3, state=State.FAILED, price=None, pictures=()),
        ],
    )
    spring = Curation(database).folders()[0].id

    assert found(library, model=("a/b",)) == [1]
    assert found(library, size=("1024x1536",)) == [2]
    assert found(library, quality=("high", "low")) == [3, 2, 1]
    assert found(library, state=(State.FAILED,)) == [3]
    assert found(library, starred=True) == [1]
    assert found(library, rating=2) == [2, 1]
    assert found(library, tag=("Q4",)) == [2, 1]
    assert found(library, tag=("Q4", "final")) == [1]
    assert found(library, folder=spring) == [1]
    assert found(library, folder="-") == [3, 2]
    assert found(library, least=Decimal("0.02")) == [2]
    assert found(library, most=Decimal("0.01")) == [1]
    assert found(library, since=date(2026, 1, 3), until=date(2026, 1, 3)) == [2]
    assert found(library, since=date(2026, 1, 3)) == [3, 2]


def test_the_images_of_an_experiment_are_found(database: Engine) -> None:
    store = Store(database)
    arms = [ImageRequest(prompt=prompt, parameters={"size": "1024x1024"}) for prompt in ("red", "blue")]
    Experiments(database, store).start("exp1", "one", arms, draws=2, provider="atlas")
    store.add(arms[0], Slot(run="another"), provider="atlas")
    library = Library(database)

    entries = library.page(Search(experiment="exp1")).entries

    assert sorted(each.generation.slot.run for each in entries) == ["exp1-A", "exp1-A", "exp1-B", "exp1-B"]
    assert library.experiments_of(entries[0].id) == ["exp1"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NEWEST, [4, 3, 2, 1]),
        (Sort.OLDEST, [1, 2, 3, 4]),
        (Sort.RATING, [2, 4, 3, 1]),
        (Sort.COSTLY, [4, 3, 2, 1]),
        (Sort.CHEAP, [2, 3, 4, 1]),
        (Sort.SLOW, [4, 3, 2, 1]),
        (Sort.FAST, [2, 3, 4, 1]),
    ],
)
def test_every_order_puts_what_is_not_known_last(database: Engine, sort: Sort, order: list[int]) -> None:
    unknown = item(1, price=None, ended=None, submitted=None, state=State.UNKNOWN)
    library = fill(database, [unknown, item(2, rating=5), item(3), item(4)])

    assert found(library, sort=sort) == order


@pytest.mark.parametrize("sort", Sort)
def test_pages_join_without_gap_or_repeat_in_both_directions(database: Engine, sort: Sort) -> None:
    library = fill(database, [item(n, rating=n % 3, price=Decimal(n % 4) if n % 5 else None) for n in range(1, 24)])
    search = Search(sort=sort)
    whole = [each.id for each in library.page(search, limit=100).entries]

    pages = [library.page(search, limit=5)]
    while pages[-1].after:
        pages.append(library.page(search, limit=5, after=pages[-1].after))
    back = [pages[-1]]
    while back[-1].before:
        back.append(library.page(search, limit=5, before=back[-1].before))

    assert len(whole) == 23
    assert [each.id for page in pages for each in page.entries] == whole
    assert [each.id for page in reversed(back) for each in page.entries] == whole
    assert pages[0].before is None
    assert library.ids(search) == whole
    assert library.ids(search, limit=3) == whole[:3]


def test_a_page_stays_where_it_is_while_new_images_arrive(database: Engine) -> None:
    library = fill(database, [item(n) for n in range(1, 11)])
    first = library.page(Search(), limit=5)
    fill(database, [item(50)])

    second = library.page(Search(), limit=5, after=first.after)

    assert [int(each.id[12:], 16) for each in second.entries] == [5, 4, 3, 2, 1]


def test_next_and_previous_follow_the_search(database: Engine) -> None:
    library = fill(database, [item(n, "cup" if n % 2 else "mug") for n in range(1, 8)])
    ids = library.ids(Search(words="cup"))

    assert library.neighbours(Search(words="cup"), ids[1]) == (ids[0], ids[2])
    assert library.neighbours(Search(words="cup"), ids[0]) == (None, ids[1])
    assert library.neighbours(Search(words="cup"), ids[-1]) == (ids[-2], None)
    assert library.neighbours(Search(), "nobody") == (None, None)


def test_identical_prompts_are_one_entry_with_their_count(database: Engine) -> None:
    prompts = ["a cup", "A  Cup", "a mug", "a cup", "a bowl"]
    library = fill(database, [item(n, prompt) for n, prompt in enumerate(prompts, 1)])

    page = library.prompts(Search(), limit=2)
    rest = library.prompts(Search(), limit=2, after=page.after)

    assert [(entry.newest.generation.prompt, entry.count) for entry in (*page.entries, *rest.entries)] == [
        ("a bowl", 1),
        ("a cup", 3),
        ("a mug", 1),
    ]
    assert rest.after is None
    back = library.prompts(Search(), limit=2, before=rest.before)
    assert (back.entries, back.before) == (page.entries, None)
    assert found(library, prompt=page.entries[1].key) == [4, 2, 1]
    assert [entry.count for entry in library.prompts(Search(words="mug")).entries] == [1]


def test_counts_say_what_each_filter_would_leave(database: Engine) -> None:
    library = fill(
        database,
        [
            item(1, rating=5, tags=("Final",)),
            item(2, rating=3, state=State.FAILED),
            item(3, "a mug", model="a/b", folder="Spring", tags=("Final", "other")),
        ],
    )
    spring = Curation(database).folders()[0].id

    counts = library.counts(Search(model=("a/b",)))

    assert counts.total == 1
    assert counts.by["model"] == {"openai/gpt-image-1.5/text-to-image": 2, "a/b": 1}
    assert counts.by["state"] == {"completed": 1}
    assert counts.by["folder"] == {spring: 1}
    everything = library.counts(Search())
    assert everything.by["rating"] == {"1": 2, "2": 2, "3": 2, "4": 1, "5": 1}
    assert everything.by["tag"] == {"Final": 2, "other": 1}
    assert everything.by["folder"] == {"-": 2, spring: 1}
    assert library.counts(Search(words="mug", rating=1)).total == 0


def test_every_count_is_what_a_search_then_finds(database: Engine) -> None:
    sizes, states = ["1024x1024", "2048x2048", ""], [State.COMPLETED, State.FAILED]
    library = fill(
        database,
        [
            item(n, parameters={"size": size} if size else {}, state=state, rating=n % 6, starred=bool(n % 2))
            for n, (size, state) in enumerate(itertools.product(sizes, states * 3), 1)
        ],
    )
    search = Search(rating=2, size=("1024x1024",))
    counts = library.counts(search)

    assert counts.total == len(found(library, rating=2, size=("1024x1024",)))
    for size, many in counts.by["size"].items():
        assert many == len(library.ids(replace(search, size=(size,))))
    for stars, many in counts.by["rating"].items():
        assert many == len(library.ids(replace(search, rating=int(stars))))


def test_an_item_comes_back_as_it_was(database: Engine) -> None:
    whole = item(
        7,
        "多行\nprompt",
        rating=4,
        starred=True,
        note="Für Anna",
        folder="Frühling",
        tags=("a b", "紅"),
        problem="",
        request_id="r",
        prediction_id="p",
        predict_seconds=1.5,
        rewritten="zwei Zeilen",
        alt="Ein rotes Rad",
    )
    library = fill(database, [whole])

    assert library.get(whole.id) == whole
    assert not library.bring_back(whole, [])
    assert [event.what for event in Store(database).events(whole.id)] == ["queued"]
    with pytest.raises(KeyError):
        library.get("nobody")


def test_what_is_under_way_elsewhere_is_never_brought_in(database: Engine) -> None:
    with pytest.raises(ValueError, match="not finished"):
        Library(database).bring_back(item(1, state=State.QUEUED), [])


def test_a_cursor_survives_an_address_and_nonsense_is_none() -> None:
    cursor = Cursor(rank=BEGIN, id="0a")

    assert Cursor.parse(str(cursor)) == cursor
    assert Cursor.parse(str(Cursor(rank=-1, id="0a"))) == Cursor(rank=-1, id="0a")
    for nonsense in ("", ".", "x.y", "²5.a", "9" * 30 + ".a", "9" * 19 + ".a", "--1.a"):
        assert Cursor.parse(nonsense) is None


def test_items_are_given_in_the_order_they_were_asked_for(database: Engine) -> None:
    library = fill(database, [item(n) for n in (1, 2, 3)])
    wanted = [item(n).id for n in (2, 3, 1)]

    assert [each.id for each in library.items([*wanted, "nobody"])] == wanted
    assert isinstance(library.items(wanted)[0], Item)

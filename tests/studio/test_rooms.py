"""The codes of live rooms: they lead to one review, for as long as the room is open, and cannot be guessed."""

import pytest

from studio.reviews.rooms import LENGTH, LETTERS, WINDOW_S, WRONG_ALL, WRONG_EACH, Guessing, Rooms


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_code_leads_to_its_review_however_it_is_typed_and_only_while_the_room_is_open() -> None:
    rooms = Rooms()
    room = rooms.open("r1")
    assert rooms.open("r1") == room
    assert rooms.open("r2").code != room.code
    assert len(room.code) == LENGTH
    assert set(room.code) <= set(LETTERS)
    for typed in (room.code, room.code.lower(), room.spelled, f" {room.code[:3]}-{room.code[3:]} "):
        assert rooms.find(typed, address="a phone") == room

    rooms.close("r1")
    assert rooms.of("r1") is None
    assert rooms.find(room.code, address="a phone") is None
    assert rooms.open("r1").code != room.code


def test_nothing_in_a_code_can_be_read_as_something_else() -> None:
    assert not set(LETTERS) & set("IOQL01AEU")
    assert len(LETTERS) ** LENGTH > 30_000_000


def test_whoever_guesses_is_refused_even_the_right_code_and_others_are_not() -> None:
    clock = Clock()
    rooms = Rooms(clock)
    room = rooms.open("r1")
    for _ in range(WRONG_EACH):
        assert rooms.find("ZZZZZZ1", address="a guesser") is None
    with pytest.raises(Guessing, match="Wait five minutes"):
        rooms.find(room.code, address="a guesser")
    assert rooms.find(room.code, address="a colleague") == room

    clock.now += WINDOW_S
    assert rooms.find(room.code, address="a guesser") == room


def test_many_addresses_guess_no_more_than_a_few_hundred_codes() -> None:
    rooms = Rooms(Clock())
    for number in range(WRONG_ALL):
        assert rooms.find("ZZZZZZ1", address=f"2001:db8::{number}") is None
    with pytest.raises(Guessing):
        rooms.find("ZZZZZZ1", address="2001:db8::ffff")

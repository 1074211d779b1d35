"""Who is what: from what a provider says of somebody, and what the settings say."""

from typing import Any

import pytest

from studio.people import EVERYBODY, STRANGER, NotAllowed, Role
from studio.settings import BadSetting, read

GUESTS = read({"STUDIO_HOSTS": "Hedda@Example.com", "STUDIO_MAKERS": "alice@example.com, @studio.example,"}).guests


def claims(email: str, **more: Any) -> dict[str, Any]:
    return {"iss": "https://id.example", "sub": "1", "name": "Somebody", "email": email, "email_verified": True, **more}


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("hedda@example.com", Role.HOST),
        ("HEDDA@EXAMPLE.COM", Role.HOST),
        ("alice@example.com", Role.MAKER),
        ("anybody@studio.example", Role.MAKER),
        ("anybody@Studio.Example", Role.MAKER),
        ("bob@example.com", Role.REVIEWER),
        ("alice@example.com.evil.example", Role.REVIEWER),
        ("anybody@sub.studio.example", Role.REVIEWER),
        ("@studio.example", Role.REVIEWER),
        ("alice@example.com@evil.example", Role.REVIEWER),
        ("", Role.REVIEWER),
    ],
)
def test_the_settings_name_hosts_and_makers_and_everybody_else_votes(email: str, role: Role) -> None:
    assert GUESTS.person(claims(email)).role is role


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1])
def test_only_a_verified_address_counts(verified: object) -> None:
    assert GUESTS.person(claims("hedda@example.com", email_verified=verified)).role is Role.REVIEWER


def test_somebody_is_known_by_issuer_and_subject_whatever_their_name_and_address() -> None:
    known = GUESTS.person(claims("alice@example.com"))

    assert GUESTS.person(claims("alice@studio.example", name="Alice B")).id == known.id
    assert GUESTS.person(claims("alice@example.com", sub="2")).id != known.id
    assert GUESTS.person(claims("alice@example.com", iss="https://other.example")).id != known.id


def test_without_a_subject_nobody_has_signed_in() -> None:
    assert GUESTS.person({}) == STRANGER
    assert GUESTS.person(claims("hedda@example.com", sub="")) == STRANGER


def test_where_nobody_signs_in_everybody_may_do_everything() -> None:
    EVERYBODY.must_make()
    EVERYBODY.must_host()
    assert EVERYBODY.may_see("anybody")


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(NotAllowed, match="STUDIO_MAKERS"):
        STRANGER.must_make()
    with pytest.raises(NotAllowed, match="STUDIO_HOSTS"):
        GUESTS.person(claims("alice@example.com")).must_host()


@pytest.mark.parametrize("text", ["alice", "alice@", "a b@example.com", "a@b@c", "@"])
def test_what_is_no_address_stops_the_start(text: str) -> None:
    with pytest.raises(BadSetting, match="STUDIO_MAKERS must be"):
        read({"STUDIO_MAKERS": text})


def test_the_network_is_opened_by_a_word_and_nothing_else() -> None:
    assert read({"STUDIO_OPEN_TO_NETWORK": "Yes"}).open_to_network
    assert not read({"STUDIO_OPEN_TO_NETWORK": ""}).open_to_network
    with pytest.raises(BadSetting, match="must be yes or no"):
        read({"STUDIO_OPEN_TO_NETWORK": "true"})

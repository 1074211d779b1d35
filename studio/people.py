"""Who is there, and what they may do: hosts everything, makers what is theirs, reviewers only vote.

Every service object has a viewer, and each question it asks of the database names ``viewer.sees(table)``: what is not
theirs is not there for them. Where nobody signs in, everybody is one host.
"""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from atlas.language import tr

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause

_NAME_LIMIT = 60


class Role(StrEnum):
    HOST = "host"
    MAKER = "maker"
    REVIEWER = "reviewer"


class NotAllowed(Exception):
    """Somebody may not do this; the text is one plain sentence that says what to do."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody; ``id`` is the same at every visit, and the owner of all that they make."""

    id: str
    name: str
    role: Role

    @property
    def may_make(self) -> bool:
        return self.role is not Role.REVIEWER

    @property
    def sees_all(self) -> bool:
        return self.role is Role.HOST

    def sees(self, table: "FromClause") -> "ColumnElement[bool]":
        """Which rows of a table with an owner are there for this person."""
        # Settings name people, and are read before the library of the database is.
        from sqlalchemy import false, true

        if self.role is Role.HOST:
            return true()
        return table.c.owner == self.id if self.role is Role.MAKER else false()

    def may_see(self, owner: str) -> bool:
        """The same, of something that was read already."""
        return self.sees_all or (self.may_make and owner == self.id)

    def must_make(self) -> None:
        """Raises NotAllowed for somebody who only votes."""
        if not self.may_make:
            raise NotAllowed(
                tr(
                    "You can vote, and nothing else here. To make images, ask a host to add your e-mail to "
                    "STUDIO_MAKERS."
                )
            )

    def must_host(self) -> None:
        """Raises NotAllowed for everybody but hosts."""
        if self.role is not Role.HOST:
            raise NotAllowed(tr("Only a host can do this. Ask one, or ask to be added to STUDIO_HOSTS."))


EVERYBODY = Person(id="", name="", role=Role.HOST)
STRANGER = Person(id="", name="", role=Role.REVIEWER)  # not signed in: a link to a review is all they can use


class Viewed:
    """Something that is another for everybody who looks at it; as it is made, it shows everything."""

    _viewer: Person = EVERYBODY

    def seen_by(self, viewer: Person) -> Self:
        """The same, as this person has it: no more than a few references."""
        own = copy.copy(self)
        own._viewer = viewer
        return own


@dataclass(frozen=True, kw_only=True)
class Guests:
    """Whom the settings name: e-mail addresses, or ``@domain`` for all of a domain; everybody else is a reviewer."""

    hosts: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()

    def person(self, claims: Mapping[str, Any]) -> Person:
        """Whoever a provider says has signed in (OpenID Connect Core 5.1); only a verified e-mail counts."""
        subject = str(claims.get("sub") or "")
        if not subject:
            return STRANGER
        email = str(claims.get("email") or "")
        # Providers promise that the pair never names somebody else; an e-mail address may be given away again.
        known = hashlib.sha256(f"{claims.get('iss') or ''}|{subject}".encode()).hexdigest()[:32]
        name = " ".join(str(claims.get("name") or email or tr("Signed in")).split())[:_NAME_LIMIT]
        return Person(id=known, name=name, role=self._role(email if claims.get("email_verified") is True else ""))

    def _role(self, email: str) -> Role:
        local, at, domain = email.strip().casefold().rpartition("@")
        names = {f"{local}@{domain}", f"@{domain}"} if local and at else set()
        return Role.HOST if names & self.hosts else Role.MAKER if names & self.makers else Role.REVIEWER

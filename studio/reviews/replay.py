"""A review told once more from its chain: every entry checked against the plan, the schedule and the one before.

What comes out are the votes as the desk has them, so whoever has a chain needs no database to count.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from studio.reviews.ballots import Ballot, Choice, Decision, Reviewer, Standing
from studio.reviews.chain import Entry, entry_of, linked
from studio.reviews.desk import BY_HAND
from studio.reviews.plan import Ends, Plan, Question, Reveal, canonical
from studio.reviews.schedule import Face, Item, Kind, schedule
from studio.reviews.sealed import Wrong
from studio.reviews.strict import flag, number, parsed, text, texts, whole
from studio.reviews.verdict import enough

CHAIN = "chain.jsonl"
_LABEL = re.compile(r"R([1-9][0-9]{0,5})")


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """``reviewers`` without what the chain does not say of them: names, roles, languages, secrets."""

    ballots: tuple[Ballot, ...]
    reviewers: tuple[Reviewer, ...]
    decisions: tuple[Decision, ...]
    closed: int
    closed_by: str
    head: str
    length: int


def replayed(plan: Plan, seed: str, chain: Iterable[Entry]) -> Replayed:
    """Raises Wrong, naming the line of the chain that cannot have happened."""
    telling = _Telling(plan=plan, seed=seed, head=plan.hash)
    for row, entry in enumerate(chain, 1):
        try:
            telling.hear(row, entry)
        except (KeyError, TypeError, ValueError, AttributeError) as broken:
            raise Wrong(CHAIN, f"is no entry that Atlas Studio writes ({broken!r}).", row=row) from None
    return telling.told()


@dataclass(kw_only=True)
class _Telling:
    plan: Plan
    seed: str
    head: str
    number: int = 0
    opened: bool = False
    closed: int | None = None
    closed_by: str = ""
    reviewers: list[Reviewer] = field(default_factory=list)
    ballots: dict[tuple[int, str, Question], Ballot] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    votes: int = 0
    due: bool = False
    _schedules: dict[int, tuple[Item, ...]] = field(default_factory=dict)

    def hear(self, row: int, entry: Entry) -> None:
        self.number = row
        if entry.sequence != row:
            self._refuse(f"it says that it is number {entry.sequence}: a line was taken out, put in or moved.")
        if entry.hash != linked(self.head, entry.body):
            self._refuse("its hash does not fit to it and to the line before: one of them was changed.")
        self.head = entry.hash
        told = parsed(entry.body)
        if canonical(told) != entry.body:
            self._refuse("is not written as Atlas Studio writes it.")
        what = told["what"]
        if self.due and what != "closed":
            self._refuse("the review was over by its plan, and yet it went on.")
        if (row == 1) != (what == "planned"):
            self._refuse("the plan has to be the first entry, and only the first.")
        known = {
            "planned": self._plan,
            "opened": self._open,
            "joined": self._join,
            "ballot": self._vote,
            "finished": self._finish,
            "closed": self._close,
            "decided": self._decide,
        }
        if what not in known:
            self._refuse("is of a kind that this version of Atlas Studio does not know.")
        known[what](told, whole(told["at"]))

    def told(self) -> Replayed:
        if self.closed is None:
            raise Wrong(CHAIN, "does not say that the review was closed: lines are missing at its end.")
        return Replayed(
            ballots=tuple(self._in_order()),
            reviewers=tuple(self.reviewers),
            decisions=tuple(self.decisions),
            closed=self.closed,
            closed_by=self.closed_by,
            head=self.head,
            length=self.number,
        )

    def _plan(self, told: Mapping[str, Any], at: int) -> None:
        self._only(told, {"what": "planned", "at": at, "plan": self.plan.hash})

    def _open(self, told: Mapping[str, Any], at: int) -> None:
        self._only(told, {"what": "opened", "at": at})
        if self.opened:
            self._refuse("the review was open already.")
        self.opened = True

    def _join(self, told: Mapping[str, Any], at: int) -> None:
        self._while_open()
        reviewer = Reviewer(id="", seat="", ordinal=len(self.reviewers), joined=at, synthetic=flag(told["synthetic"]))
        synthetic = reviewer.synthetic
        self._only(told, {"what": "joined", "at": at, "reviewer": reviewer.label, "synthetic": synthetic})
        self.reviewers.append(reviewer)

    def _vote(self, told: Mapping[str, Any], at: int) -> None:
        self._while_open()
        ballot = _ballot(told, self._known(told).ordinal, at)
        self._only(told, entry_of(ballot))
        if ballot.question not in {asked.kind for asked in self.plan.questions}:
            self._refuse("it answers a question that was not asked.")
        if not self._is_shown(ballot):
            self._refuse(
                f"{told['reviewer']} was not shown this pair like that: the schedule of the seed says otherwise."
            )
        if self.plan.reveal is Reveal.OWN_VOTE and self.reviewers[ballot.reviewer].finished is not None:
            self._refuse(f"{told['reviewer']} had finished before.")
        key = (ballot.reviewer, ballot.item, ballot.question)
        if first := self.ballots.get(key):
            ballot = replace(ballot, given=first.given, seconds=first.seconds)
        elif ballot.question is self.plan.main.kind and ballot.kind is Kind.PAIR:
            self.votes += 1
        self.ballots[key] = ballot
        self.due = ballot.question is self.plan.main.kind and self._has_votes()

    def _finish(self, told: Mapping[str, Any], at: int) -> None:
        reviewer = self._known(told)
        self._only(told, {"what": "finished", "at": at, "reviewer": reviewer.label})
        if reviewer.finished is not None:
            self._refuse(f"{reviewer.label} had finished before.")
        self.reviewers[reviewer.ordinal] = replace(reviewer, finished=at)

    def _close(self, told: Mapping[str, Any], at: int) -> None:
        self._while_open()
        why = told["by"]
        self._only(told, {"what": "closed", "at": at, "by": why})
        if why != BY_HAND and (why != self.plan.stop.rule or not self._is_over(at)):
            self._refuse("the review was not over by its plan.")
        self.closed, self.closed_by, self.due = at, why, False

    def _decide(self, told: Mapping[str, Any], at: int) -> None:
        if not self.opened:
            self._refuse("the review was not open yet.")
        hashes = sorted({sha256 for each in self.plan.pictures for sha256 in each.hashes})
        state, who, words = Standing(told["state"]), text(told["who"]), text(told["words"])
        decided = {"what": "decided", "at": at, "state": state, "who": who, "words": words, "hashes": hashes}
        self._only(told, decided)
        self.decisions.append(Decision(state=state, who=who, words=words, at=at, hashes=tuple(hashes)))

    def _is_over(self, at: int) -> bool:
        stop = self.plan.stop
        if stop.rule is Ends.DATE:
            return at >= stop.until
        if self._has_votes():
            return True
        main = [ballot for ballot in self._in_order() if ballot.question is self.plan.main.kind]
        return stop.rule is Ends.EVIDENCE and enough(self.plan, main)

    def _in_order(self) -> list[Ballot]:
        """As the desk gives them."""
        return sorted(
            self.ballots.values(), key=lambda each: (each.given, each.reviewer, each.number, str(each.question))
        )

    def _has_votes(self) -> bool:
        stop = self.plan.stop
        return stop.rule is not Ends.DATE and self.votes >= stop.votes

    def _is_shown(self, ballot: Ballot) -> bool:
        if ballot.reviewer not in self._schedules:
            self._schedules[ballot.reviewer] = schedule(self.plan, self.seed, ballot.reviewer)
        item = Item(number=ballot.number, kind=ballot.kind, left=ballot.left, right=ballot.right)
        return item in self._schedules[ballot.reviewer] and item.key == ballot.item

    def _known(self, told: Mapping[str, Any]) -> Reviewer:
        label = _LABEL.fullmatch(text(told["reviewer"]))
        ordinal = int(label[1]) - 1 if label else -1
        if not 0 <= ordinal < len(self.reviewers):
            self._refuse("nobody of this name has joined.")
        return self.reviewers[ordinal]

    def _while_open(self) -> None:
        if not self.opened or self.closed is not None:
            self._refuse("the review was not open at this place.")

    def _only(self, told: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
        """The entry says this and nothing else."""
        if canonical(told) != canonical(expected):
            self._refuse("says something else than such an entry says, or something more.")

    def _refuse(self, why: str) -> NoReturn:
        raise Wrong(CHAIN, why, row=self.number)


def _ballot(told: Mapping[str, Any], ordinal: int, at: int) -> Ballot:
    return Ballot(
        reviewer=ordinal,
        item=text(told["item"]),
        number=whole(told["number"]),
        kind=Kind(told["kind"]),
        question=Question(told["question"]),
        left=_face(told["left"]),
        right=_face(told["right"]),
        choice=Choice(told["choice"]),
        reasons=texts(told["reasons"]),
        words=text(told["words"]),
        seconds=None if told["seconds"] is None else number(told["seconds"]),
        given=at,
        changed=at,
    )


def _face(told: list[Any]) -> Face:
    arm, draw = told
    return Face(arm=whole(arm), draw=whole(draw))

"""README.txt of an evidence bundle: what is in it, how to verify it, and what that proves."""

from collections.abc import Mapping

from studio.reviews.plan import Plan
from studio.reviews.replay import Replayed
from studio.reviews.results import Results


def text(plan: Plan, told: Replayed, results: Results, code: Mapping[str, str]) -> str:
    simulated = (
        "SIMULATED: images or reviewers of this review are made up by the program.\n\n" if results.simulated else ""
    )
    return _README.format(
        name=" ".join(plan.name.split()),
        simulated=simulated,
        votes=f"{len(told.ballots):,}",
        reviewers=f"{len(told.reviewers):,}",
        plan=plan.hash,
        head=told.head,
        code=", ".join(f"{name} {value}" for name, value in sorted(code.items())),
    )


_README = """\
Evidence of the review "{name}"

{simulated}{votes} answers of {reviewers} reviewers, as they were recorded, and everything needed to count them again.

What is in here
  report.html      to read, in any browser, offline
  plan.json        what was asked, of which images, and when it was to end; fixed before the first vote
  chain.jsonl      everything that happened, in order; the hash of a line covers the line before, back to the plan
  seed.txt         who saw which pair on which side follows from it; the plan has its SHA-256
  reviewers.jsonl  who voted, under the names they gave
  ballots.csv      the answers that count, for people and spreadsheets
  results.json     every number of the verdict, unrounded
  decisions.jsonl  what was decided, and by whom
  pins.jsonl       remarks at places of images
  images/          the images, each under its SHA-256
  manifest.json    size and SHA-256 of all of these, and a seal over itself

How to verify
  In a checkout of Atlas Studio: python -m studio.verify FILE.zip
  It needs no network, no key and no database. It recomputes hashes, schedule, votes and results, and names the
  first entry that is not as it was written. Keep the file as it is: one that was packed again is refused.
  Written by: {code}
  Plan (root of the chain): {plan}
  Head of the chain:        {head}

What it proves, and what not
  - Nothing in it was changed by accident, or by somebody who changed only a part of it.
  - The votes are on the images, the sides and the questions that the plan names, and the results follow from them.
  - It does not prove who voted. Names, roles and languages are as people typed them, and stand beside the chain, as do
    remarks at places of images.
  - It does not prove when. Times are those of the computer on which the review ran.
  - Whoever runs the studio can invent a whole review, votes and all, and its bundle would be in order. What rules out
    that votes were changed later is a seal or head that was told to others when the review closed: compare them.
  - report.html is for reading. Believe what verify prints.
"""

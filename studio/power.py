"""What a plan can see before anyone votes: how many votes, how many pairs of images, and what stays invisible."""

import math
from functools import lru_cache
from typing import Final

import numpy as np

from atlas.language import tr, trn
from studio.binomial import LowerTail, probabilities
from studio.statistics import CONVINCING, FEWEST_PAIRS, sign_flip_tests

MOST_VOTES: Final = 100_000
MOST_WATCHED: Final = 20_000  # votes, where every one is looked at
MOST_PAIRS: Final = 20  # images that a test draws per prompt, at most
GOOD_PAIRS: Final = 12
CLEAR_LOGIT, STRONG_LOGIT = 0.8, 1.5  # 69:31 and 82:18
_HELD = 10  # votes for which a power must hold: it goes up and down as n grows, for votes are whole
_FEW_VOTES_EACH = 3
_WORTH_SAYING = 5  # tests of 100


def votes_needed(share: float, *, alpha: float = 0.05, power: float = 0.8) -> int:
    """Decided votes after which the sign test finds a true preference of ``share`` with this chance.

    Exact for the two-sided test at its own critical value. The power of an exact test is a saw (Chernick and Liu, "The
    saw-toothed behavior of power versus sample size", The American Statistician 56, 2002), so this is the first n from
    which it holds for ten votes in a row: a vote or two more than planned never make the plan worse. ``share`` is that
    of either arm. Raises ValueError unless it lies between 0 and 1, is not 0.5, and needs at most 100,000 votes.
    """
    lost = min(share, 1 - share)
    _check_chances(share, alpha, power)
    return _first_held(lost_if_null=0.5, lost_if_true=lost, level=alpha / 2, power=power)


def non_inferiority_votes(margin: float, *, share: float = 0.5, alpha: float = 0.05, power: float = 0.8) -> int:
    """Decided votes after which ``statistics.non_inferiority`` passes an arm whose true share is ``share``.

    Exact and one-sided, held for ten votes in a row as ``votes_needed`` is. ``margin`` is a share: 0.15 is 15 points.
    Raises ValueError unless it is between 0 and 0.5, ``share`` is above 0.5 - margin, and 100,000 votes are enough.
    """
    _check_chances(share, alpha, power)
    if not 0 < margin < 0.5 or share <= 0.5 - margin:
        raise ValueError(tr("A margin lies between 0 and 0.5, and the share to be passed above 0.5 - margin."))
    return _first_held(lost_if_null=0.5 + margin, lost_if_true=1 - share, level=alpha, power=power)


def smallest_share(votes: int, *, alpha: float = 0.05, power: float = 0.8, step: float = 0.05) -> float | None:
    """The weakest preference this many decided votes find with this chance, rounded up to the next ``step``.

    Steps because 0.8717 promises too much: 12 votes are said to see 0.9, 97 votes 0.65. ``step=0`` for the number
    itself, exact to 1e-9. None when even a clean sweep proves nothing, below 6 votes at alpha = 5 %.
    Raises ValueError for negative votes, or for an alpha or power not between 0 and 1.
    """
    _check_chances(alpha, power)
    most_lost = int(np.searchsorted(probabilities(votes, 0.5).cumsum(), alpha / 2, side="right")) - 1
    if most_lost < 0:
        return None
    low, high = 0.5, 1.0
    while high - low > 1e-10:
        middle = (low + high) / 2
        found = float(probabilities(votes, 1 - middle)[: most_lost + 1].sum())
        low, high = (low, middle) if found >= power else (middle, high)
    return min(1.0, round(math.ceil(high / step - 1e-9) * step, 9)) if step else high


def e_votes_needed(share: float, *, chance: float = 0.8, threshold: float = CONVINCING) -> int:
    """Decided votes by which a look after every one has seen e ≥ ``threshold``, for either arm, with this chance.

    Exact: the chance of every count that has not stopped yet, carried from vote to vote. ``chance=0.5`` is the median.
    Raises ValueError unless share and chance lie between 0 and 1, the threshold above 1, and 20,000 votes are enough.
    """
    _check_chances(share, chance)
    if not threshold > 1:
        raise ValueError(
            tr("A threshold lies above 1, where the e-value starts, not at {threshold}.").format(threshold=threshold)
        )
    log_factorials = np.concatenate([[0.0], np.log(np.arange(1, MOST_WATCHED + 2)).cumsum()])
    waiting, fewest = np.ones(1), 0  # the chance of fewest, fewest + 1, … votes for A, and of not having stopped
    for n in range(1, MOST_WATCHED + 1):
        waiting = np.append(waiting * (1 - share), 0.0) + np.append(0.0, waiting * share)
        for_a = np.arange(fewest, fewest + len(waiting))
        log_e = n * math.log(2) + log_factorials[for_a] + log_factorials[n - for_a] - log_factorials[n + 1]
        going_on = np.flatnonzero(log_e < math.log(threshold))  # one stretch around n / 2
        waiting, fewest = waiting[going_on[0] : going_on[-1] + 1], fewest + int(going_on[0])
        if waiting.sum() <= 1 - chance:
            return n
    raise ValueError(_too_many(share, MOST_WATCHED))


def prompt_power(
    pairs: int,
    reviewers: int,
    *,
    shift_logit: float = CLEAR_LOGIT,
    luck_sd: float = 1.0,
    alpha: float = 0.05,
    runs: int = 1000,
    seed: int = 0,
) -> float:
    """How often, 0 to 1, ``statistics.sign_flip_test`` over pairs finds that the prompts differ by ``shift_logit``.

    Simulated: the log-odds of a pair of images are the shift plus luck (normal, ``luck_sd`` logits), and each reviewer
    votes once on each pair. With a shift of 0 this is the rate of false alarms. 0 below 6 pairs: nothing can be found.
    The error of 1,000 runs is at most 0.016 (one sd). Raises ValueError unless pairs, reviewers and runs are 1 or more.
    """
    if min(pairs, reviewers, runs) < 1:
        raise ValueError(tr("A plan has at least one pair, one reviewer and one run."))
    rng = np.random.default_rng(seed)
    logits = shift_logit + luck_sd * rng.standard_normal((runs, pairs))
    shares = rng.binomial(reviewers, 0.5 * (1 + np.tanh(logits / 2))) / reviewers
    return float((sign_flip_tests(2 * shares - 1) <= alpha).mean())


def advice(pairs: int, reviewers: int) -> tuple[str, ...]:
    """Sentences for people: what this plan can see of two images, what of two prompts, and what would see more.

    Every reviewer votes on every pair. Raises ValueError unless both are 1 or more.
    """
    if min(pairs, reviewers) < 1:
        raise ValueError(tr("A plan has at least one pair and one reviewer."))
    return (_on_images(reviewers), _on_prompts(pairs, reviewers), *_better(pairs, reviewers))


def _on_images(reviewers: int) -> str:
    share = smallest_share(reviewers)
    if share is None:
        return trn(
            "{count} colleague cannot show a preference between two images, even when all agree: 6 have to vote.",
            "{count} colleagues cannot show a preference between two images, even when all agree: 6 have to vote.",
            reviewers,
        )
    if share == 1:
        return trn(
            "{count} colleague can only see a preference between two images that nearly everybody shares.",
            "{count} colleagues can only see a preference between two images that nearly everybody shares.",
            reviewers,
        )
    return trn(
        "{count} colleague can only see {odds} preference between two images.",
        "{count} colleagues can only see {odds} preference between two images.",
        reviewers,
        odds=_odds(share),
    )


def _on_prompts(pairs: int, reviewers: int) -> str:
    if pairs < FEWEST_PAIRS:
        return trn(
            "Nothing can be said about the prompts with {count} pair of images: "
            "at least {fewest} are needed, because five pairs all lean the same way 1 time in 16 by luck alone.",
            "Nothing can be said about the prompts with {count} pairs of images: "
            "at least {fewest} are needed, because five pairs all lean the same way 1 time in 16 by luck alone.",
            pairs,
            fewest=FEWEST_PAIRS,
        )
    clear, strong = (_found(pairs, reviewers, shift) for shift in (CLEAR_LOGIT, STRONG_LOGIT))
    return trn(
        "{pairs} pairs with {count} vote each find {odds} preference between the "
        "prompts in about {clear} of 100 tests, and {odds2} one in about {strong}.",
        "{pairs} pairs with {count} votes each find {odds} preference between the "
        "prompts in about {clear} of 100 tests, and {odds2} one in about {strong}.",
        reviewers,
        pairs=pairs,
        odds=_odds(_share(CLEAR_LOGIT)),
        clear=clear,
        odds2=_odds(_share(STRONG_LOGIT)),
        strong=strong,
    )


def _better(pairs: int, reviewers: int) -> tuple[str, ...]:
    """More pairs for the same votes, or else more pairs; nothing when that would hardly help."""
    votes = pairs * reviewers
    more = min(MOST_PAIRS, votes // _FEW_VOTES_EACH)
    each = votes // more if more else 0
    if more < FEWEST_PAIRS:
        more, each = GOOD_PAIRS, reviewers
    now, then = _found(pairs, reviewers, CLEAR_LOGIT), _found(more, each, CLEAR_LOGIT)
    if more <= pairs or then < now + _WORTH_SAYING:
        return ()
    return (
        trn(
            "More pairs beat more colleagues: {pairs} pairs with {count} vote each ({instead}) find {odds} preference "
            "in about {then} of 100 tests, for {images} images instead of {images_now}.",
            "More pairs beat more colleagues: {pairs} pairs with {count} votes each ({instead}) find {odds} preference "
            "in about {then} of 100 tests, for {images} images instead of {images_now}.",
            each,
            pairs=more,
            instead=_instead(more * each, votes),
            odds=_odds(_share(CLEAR_LOGIT)),
            then=then,
            images=2 * more,
            images_now=2 * pairs,
        ),
    )


@lru_cache(maxsize=512)
def _found(pairs: int, reviewers: int, shift_logit: float) -> int:
    """Of 100 tests, to the nearest five: the simulation is no more exact than that."""
    return 5 * round(20 * prompt_power(pairs, reviewers, shift_logit=shift_logit))


def _first_held(*, lost_if_null: float, lost_if_true: float, level: float, power: float) -> int:
    """The first n for which, and for the votes after it, losing as few as the test demands has at least this power."""
    null, true = LowerTail(lost_if_null), LowerTail(lost_if_true)
    held = 0
    for n in range(1, MOST_VOTES + _HELD):
        null.throw()
        true.throw()
        while null.total + null.above <= level:
            null.widen()
            true.widen()
        held = held + 1 if true.total >= power else 0
        if held == _HELD:
            return n - _HELD + 1
    raise ValueError(_too_many(1 - lost_if_true, MOST_VOTES))


def _check_chances(*chances: float) -> None:
    if not all(0 < chance < 1 for chance in chances):
        raise ValueError(tr("A share, an alpha and a power lie between 0 and 1, and are neither."))


def _too_many(share: float, votes: int) -> str:
    return tr("A share of {share:g} needs more than {votes:,} votes: plan for a stronger preference.").format(
        share=share, votes=votes
    )


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _odds(share: float) -> str:
    percent = round(100 * share)
    words = tr("an {percent}:{rest}") if 80 <= percent < 90 else tr("a {percent}:{rest}")
    return words.format(percent=percent, rest=100 - percent)


def _instead(votes: int, planned: int) -> str:
    return (
        tr("{votes} votes as well").format(votes=votes)
        if votes == planned
        else tr("{votes} votes instead of {planned}").format(votes=votes, planned=planned)
    )

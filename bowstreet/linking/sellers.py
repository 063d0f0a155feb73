"""Which accounts may share a seller: candidates, weights with reasons, and clusters that keep every decision.

    links = link(accounts)
    links.pairs[0].reasons[0].words             # "both show the same PGP key"

Nothing is merged by itself: pairs are proposals, and clusters hold only what a person decided is the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log2

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from bowstreet.linking import model
from bowstreet.linking.accounts import Account
from bowstreet.linking.model import Level

NEIGHBOURS = 20
CHUNK = 2000
Key = tuple[str, str]


@dataclass(frozen=True)
class Reason:
    """One field's part in the weight; `left` and `right` are what was compared."""

    field: str
    weight: float
    left: str
    right: str
    words: str


@dataclass(frozen=True)
class Pair:
    """Two accounts on different sites. `weight` is log2 of the odds, the prior included."""

    left: str
    right: str
    weight: float
    reasons: tuple[Reason, ...]

    @property
    def probability(self) -> float:
        """The weight as a probability; never shown as certainty."""
        return min(0.9999, float(1 / (1 + 2.0**-self.weight)))

    @property
    def kinds(self) -> set[str]:
        """The kinds of reason that speak for it."""
        return {reason.field.partition(":")[0] for reason in self.reasons if reason.weight > 1.5}

    @property
    def likely(self) -> bool:
        """Enough weight, and not from one kind of reason alone, nor from writing alone."""
        strong = {kind for kind in self.kinds if kind != "writing"}
        own_keys = any(reason.field == "key" for reason in self.reasons)
        return self.weight >= model.LIKELY_WEIGHT and len(self.kinds) >= 2 and bool(strong) and not own_keys


@dataclass(frozen=True)
class Links:
    """Pairs, the weightiest first, and sellers: groups of accounts that a person said are the same."""

    pairs: tuple[Pair, ...]
    sellers: tuple[tuple[str, ...], ...]


def link(
    accounts: Sequence[Account], *, decisions: Mapping[Key, str] | None = None, floor: float = -4.0
) -> Links:
    """Propose pairs of accounts on different sites. Pairs below `floor` are not told.

    `decisions` holds same, different or unsure for pairs of account ids; a pair told apart is never proposed again.
    """
    decided = {_key(*pair): verdict for pair, verdict in (decisions or {}).items()}
    texts = _Texts(accounts)
    holders = Counter(value for account in accounts for value in account.identifiers)
    pairs = []
    for left, right in sorted(_candidates(accounts, texts, holders)):
        one, other = accounts[left], accounts[right]
        if decided.get(_key(one.account, other.account)) == "different":
            continue
        pair = _weigh(one, other, texts.similarity(left, right), holders)
        if pair.weight >= floor:
            pairs.append(pair)
    pairs.sort(key=lambda pair: (-pair.weight, pair.left, pair.right))
    return Links(tuple(pairs), clusters((account.account for account in accounts), decided))


def top(links: Links, accounts: Sequence[Account], count: int) -> list[Pair]:
    """For each account its `count` best candidates on other sites, in order."""
    best: dict[str, list[Pair]] = defaultdict(list)
    for pair in links.pairs:
        best[pair.left].append(pair)
        best[pair.right].append(
            Pair(pair.right, pair.left, pair.weight, tuple(_turned(r) for r in pair.reasons))
        )
    return [pair for account in accounts for pair in best[account.account][:count]]


def clusters(
    accounts: Iterable[str], decisions: Mapping[Key, str] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Join what was decided the same, except where that would join two that were told apart."""
    group = {account: frozenset((account,)) for account in accounts}
    apart = {_key(*pair) for pair, verdict in (decisions or {}).items() if verdict == "different"}
    for (left, right), verdict in sorted((decisions or {}).items()):
        if verdict != "same" or left not in group or right not in group or group[left] is group[right]:
            continue
        if any(_key(a, b) in apart for a in group[left] for b in group[right]):
            continue
        joined = group[left] | group[right]
        group |= dict.fromkeys(joined, joined)
    return tuple(sorted(tuple(sorted(one)) for one in set(group.values()) if len(one) > 1))


class _Texts:
    """What accounts write, as hashed words and character runs; similarity is the cosine, weighted by rarity."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        said = [" \n ".join((*dict.fromkeys(a.titles), a.description)) for a in accounts]
        words = HashingVectorizer(
            ngram_range=(1, 2), n_features=1 << 20, alternate_sign=False, norm=None, binary=True
        )
        runs = HashingVectorizer(
            analyzer="char",
            ngram_range=(4, 6),
            n_features=1 << 20,
            alternate_sign=False,
            norm=None,
            binary=True,
        )
        self._empty = [not text.strip() for text in said]
        self._words = self._weighted(words, said)
        self._runs = self._weighted(runs, said)

    @staticmethod
    def _weighted(vectorizer: HashingVectorizer, said: list[str]) -> csr_matrix:
        if not said:
            return csr_matrix((0, 1))
        return TfidfTransformer(sublinear_tf=True).fit_transform(vectorizer.transform(said)).tocsr()

    def similarity(self, left: int, right: int) -> float | None:
        """0 to 1; None where one of them writes nothing."""
        if self._empty[left] or self._empty[right]:
            return None
        words = self._words[left].multiply(self._words[right]).sum()
        runs = self._runs[left].multiply(self._runs[right]).sum()
        return float(words + runs) / 2

    def neighbours(self, count: int) -> Iterable[tuple[int, int]]:
        """For each account the `count` that write most alike."""
        for begin in range(0, self._words.shape[0], CHUNK):
            near = (self._words[begin : begin + CHUNK] @ self._words.T).tocsr()
            for row in range(near.shape[0]):
                values = near.data[near.indptr[row] : near.indptr[row + 1]]
                others = near.indices[near.indptr[row] : near.indptr[row + 1]]
                best = np.argsort(-values)[: count + 1]
                yield from ((begin + row, int(others[at])) for at in best)


def _candidates(
    accounts: Sequence[Account], texts: _Texts, holders: Counter[tuple[str, str]]
) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()

    def add(left: int, right: int) -> None:
        if accounts[left].site != accounts[right].site:
            found.add((min(left, right), max(left, right)))

    blocks: dict[object, list[int]] = defaultdict(list)
    for index, account in enumerate(accounts):
        for value in account.identifiers:
            if holders[value] <= 50:
                blocks[value].append(index)
        for picture in account.images:
            blocks["image", picture].append(index)
        if bare := _bare(account.handle):
            blocks["handle", bare].append(index)
    for block in blocks.values():
        for left in block[:50]:
            for right in block[:50]:
                add(left, right)
    for left, right in texts.neighbours(NEIGHBOURS):
        add(left, right)
    return found


def _weigh(one: Account, other: Account, alike: float | None, holders: Counter[tuple[str, str]]) -> Pair:
    left, right = sorted((one, other), key=lambda account: account.account)
    reasons = [
        *_identifiers(left, right, holders),
        *_handles(left, right),
        *_writing(left, right, alike),
        *_places(left, right),
    ]
    reasons += [
        Reason("image", model.IMAGE.weight, p, p, model.IMAGE.words)
        for p in sorted(left.images & right.images)[:1]
    ]
    reasons.sort(key=lambda reason: -abs(reason.weight))
    weight = log2(model.PRIOR / (1 - model.PRIOR)) + sum(reason.weight for reason in reasons)
    return Pair(left.account, right.account, round(weight, 2), tuple(reasons))


def _identifiers(left: Account, right: Account, holders: Counter[tuple[str, str]]) -> Iterable[Reason]:
    for kind, value in sorted(left.identifiers & right.identifiers):
        level = model.IDENTIFIERS.get(kind, model.OTHER_IDENTIFIER)
        common = holders[kind, value]
        if common > model.COMMON:
            words = f"{level.words}, but {common} accounts do: it counts for little"
            yield Reason(f"{kind}:shared", model.CAPPED_WEIGHT, value, value, words)
        else:
            yield Reason(f"{kind}:shared", round(level.weight, 2), value, value, level.words)
    keys = [{v for k, v in account.identifiers if k == "pgp"} for account in (left, right)]
    if keys[0] and keys[1] and not keys[0] & keys[1]:
        yield _reason("key", model.OTHER_KEY, min(keys[0]), min(keys[1]))


def _handles(left: Account, right: Account) -> Iterable[Reason]:
    if not left.handle or not right.handle:
        return
    one, other = _bare(left.handle), _bare(right.handle)
    if one == other and len(one) >= 4:
        level = "same"
    else:
        near = SequenceMatcher(None, one, other).ratio() if one and other else 0.0
        level = "close" if near >= 0.8 and min(len(one), len(other)) >= 4 else "different"
    yield _reason("handle", model.HANDLE[level], left.handle, right.handle)


def _writing(left: Account, right: Account, alike: float | None) -> Iterable[Reason]:
    if alike is None:
        return
    level = next((name for name, floor in model.TEXT_FLOORS if alike >= floor), "unlike")
    one, other = _closest(left, right)
    yield _reason("writing", model.TEXT[level], one, other)


def _closest(left: Account, right: Account) -> tuple[str, str]:
    """The two titles, or descriptions, that are most alike."""
    texts = [(*a.titles[:60], *((a.description[:300],) if a.description else ())) for a in (left, right)]
    pairs = [(_overlap(a, b), a, b) for a in texts[0] for b in texts[1]]
    _, one, other = max(pairs, default=(0.0, "", ""))
    return one, other


def _overlap(one: str, other: str) -> float:
    a, b = set(one.lower().split()), set(other.lower().split())
    return len(a & b) / len(a | b) if a | b else 0.0


def _places(left: Account, right: Account) -> Iterable[Reason]:
    if left.ships_from and right.ships_from:
        one, other = {_place(p) for p in left.ships_from}, {_place(p) for p in right.ships_from}
        level = model.PLACE["same" if one & other else "different"]
        yield _reason("place", level, ", ".join(sorted(left.ships_from)), ", ".join(sorted(right.ships_from)))


_PLACES = {"uk": "united kingdom", "gb": "united kingdom", "us": "united states", "usa": "united states", "nl": "netherlands",
           "de": "germany", "pl": "poland", "fr": "france", "es": "spain", "it": "italy", "pt": "portugal"}  # fmt: skip


def _place(name: str) -> str:
    return _PLACES.get(name.strip().lower(), name.strip().lower())


def _bare(handle: str) -> str:
    """A handle without case, separators, and the endings that make a taken name free."""
    bare = re.sub(r"[\W_]+", "", handle.lower())
    return re.sub(r"^(?:the|real|mr|official)|(?:official|\d+)$", "", bare) or bare


def _reason(field: str, level: Level, left: str, right: str) -> Reason:
    return Reason(field, round(level.weight, 2), left, right, level.words)


def _turned(reason: Reason) -> Reason:
    return Reason(reason.field, reason.weight, reason.right, reason.left, reason.words)


def _key(left: str, right: str) -> Key:
    return (left, right) if left <= right else (right, left)

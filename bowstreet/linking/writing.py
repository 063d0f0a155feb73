"""Ways of looking at how an account writes; each gives n-grams, and so a score of likeness.

    VIEWS["wording"](text)          # owners and hashes of runs of 1 to 4 tokens, case and spaces and all

Found by trial on market pairs (docs/explanation/linking.md): what is sold, what is said of it, and the template it is
said in, with rare words replaced by their shape, are each worth a score; none alone is enough.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bowstreet.linking.tokens import (
    BASE,
    DIGIT,
    LETTER,
    SIGN,
    SPACE,
    Hashes,
    Ints,
    Text,
    Tokens,
    mixed,
    sequences,
)

Grams = tuple[Ints, Hashes]
View = Callable[[Text], Grams]

_ZERO, _SMALL, _CAPITAL, _TITLE, _MIXED = (mixed(np.array([n], np.uint64))[0] for n in range(101, 106))


def wording(text: Text) -> Grams:
    """Runs of tokens as written."""
    return sequences(text.tokens(), 1, 4)


def wording_uncased(text: Text) -> Grams:
    """Runs of tokens in lower case, every sign apart."""
    return sequences(text.lower().tokens(signs_apart=True), 1, 4)


def wording_unnumbered(text: Text) -> Grams:
    """Runs of tokens with every number the same."""
    tokens = text.tokens()
    return sequences(tokens.hashed(np.where(tokens.kind == DIGIT, _ZERO, tokens.hashes)), 1, 4)


def words(text: Text) -> Grams:
    """Single words and numbers, in lower case."""
    return sequences(_words(text), 1, 1)


def phrases(text: Text) -> Grams:
    """One to three words in a row."""
    return sequences(_words(text), 1, 3)


def pairs_of_words(text: Text) -> Grams:
    """Single words, and two words beside each other in either order: what candidates are found by."""
    found = _words(text)
    owner, single = sequences(found, 1, 1)
    one, other = found.hashes[:-1], found.hashes[1:]
    inside = found.owner[:-1] == found.owner[1:]
    pairs = mixed(np.minimum(one, other) * BASE + np.maximum(one, other))[inside]
    return np.concatenate([owner, found.owner[:-1][inside]]), np.concatenate([single, pairs])


def letters_short(text: Text) -> Grams:
    """Runs of 2 to 4 characters, across words."""
    return text.lower().runs(2, 4)


def letters_long(text: Text) -> Grams:
    """Runs of 3 to 6 characters, across words."""
    return text.lower().runs(3, 6)


def shape(text: Text) -> Grams:
    """Runs of 5 to 10 characters, letters and digits told only by kind."""
    return text.shape().runs(5, 10)


def template(text: Text, common: float = 0.03) -> Grams:
    """Runs of tokens in which a word that few accounts use is told only by its shape, and a number only as a number."""
    tokens = text.tokens()
    plain = text.lower().tokens().hashes
    letter = tokens.kind == LETTER
    ids, place = np.unique(plain, return_inverse=True)
    once = np.unique(
        tokens.owner[letter].astype(np.uint64) * np.uint64(len(ids) + 1) + place[letter].astype(np.uint64)
    )
    spread = np.bincount((once % np.uint64(len(ids) + 1)).astype(np.int64), minlength=len(ids))
    rare = letter & (spread[place] < common * text.count)
    told = np.where(tokens.kind == DIGIT, _ZERO, np.where(rare, _shapes(tokens), tokens.hashes))
    return sequences(tokens.hashed(told), 1, 5)


def template_coarse(text: Text) -> Grams:
    """The template with fewer words left standing."""
    return template(text, 0.06)


def quantities(text: Text) -> Grams:
    """How amounts, units and separators are spelt: '10g', '10 G', 'x 10', ' - ', ' | '."""
    tokens = text.tokens()
    before, after, next_after = _shift(tokens, -1), _shift(tokens, 1), _shift(tokens, 2)
    digit, sign = tokens.kind == DIGIT, tokens.kind == SIGN
    spaced = after.kind == SPACE
    unit = np.where(spaced, next_after.hashes, after.hashes)
    unit_kind = np.where(spaced, next_after.kind, after.kind)
    amounts = mixed(
        np.where(unit_kind == LETTER, unit, np.uint64(7)) * np.uint64(2) + spaced.astype(np.uint64)
    )
    marks = mixed(
        tokens.hashes * np.uint64(4)
        + (before.kind == SPACE).astype(np.uint64) * np.uint64(2)
        + (after.kind == SPACE)
    )
    keep = digit | sign
    return tokens.owner[keep], np.where(digit, amounts, marks)[keep]


def openings(text: Text) -> Grams:
    """The first and last words of each title."""
    tokens = text.tokens()
    line = mixed(np.array([ord("\n") + 1], np.uint64))[0]
    breaks = tokens.hashes == line
    found, owners = [], []
    for steps in ((1,), (1, 2, 3), (-1,), (-3, -2, -1)):
        told = np.full(len(breaks), np.uint64(len(steps) * 2 + (steps[0] > 0)))
        inside = breaks.copy()
        for step in steps:
            shifted = _shift(tokens, step)
            told = mixed(told * np.uint64(31) + shifted.hashes)
            inside &= (shifted.owner == tokens.owner) & (shifted.hashes != line)
        found.append(told[inside])
        owners.append(tokens.owner[inside])
    return np.concatenate(owners), np.concatenate(found)


def _words(text: Text) -> Tokens:
    """Words as \\w+ has them: letters and digits together."""
    tokens = text.lower().tokens()
    return tokens.where((tokens.kind == LETTER) | (tokens.kind == DIGIT))


def _shapes(tokens: Tokens) -> Hashes:
    small, capital = tokens.capitals == 0, tokens.capitals == tokens.length
    title = tokens.leading & (tokens.capitals == 1)
    told: Hashes = np.select([small, capital, title], [_SMALL, _CAPITAL, _TITLE], _MIXED)
    return told


def _shift(tokens: Tokens, step: int) -> Tokens:
    """The token so many places on, cyclically; owners tell where that leads out of the text."""
    return Tokens(
        np.roll(tokens.owner, -step), np.roll(tokens.kind, -step), np.roll(tokens.hashes, -step),
        np.roll(tokens.capitals, -step), np.roll(tokens.length, -step), np.roll(tokens.leading, -step),
    )  # fmt: skip


#: Every view that is scored where accounts are few enough to compare each with each.
VIEWS: dict[str, View] = {
    "wording": wording,
    "wording_uncased": wording_uncased,
    "wording_unnumbered": wording_unnumbered,
    "words": words,
    "phrases": phrases,
    "letters_short": letters_short,
    "letters_long": letters_long,
    "template": template,
    "template_coarse": template_coarse,
    "shape": shape,
    "quantities": quantities,
    "openings": openings,
}
#: Views of manner alone: the one style band is made of these.
STYLE = ("template_coarse", "shape", "quantities")

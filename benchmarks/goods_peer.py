"""A plain classifier beside ours: scikit-learn's hashed runs of characters and words, inverse document frequencies, and one linear
support vector machine, whose classes weigh by the square root of their rarity.

    peer(hashed(["5g cocaine", "glock 19"]), told, hashed(["1g cocaine"]))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.svm import LinearSVC

Names = NDArray[np.str_]


def hashed(texts: Sequence[str]) -> list[csr_matrix]:
    """The plain peer's counts: runs of characters, runs of words."""
    kinds = (("char_wb", (2, 6), 1 << 17), ("word", (1, 3), 1 << 16))
    return [
        HashingVectorizer(analyzer=kind, ngram_range=spans, n_features=size, alternate_sign=False, norm=None)
        .transform(texts)
        .tocsr()
        for kind, spans, size in kinds
    ]


def peer(taught: list[csr_matrix], told: Names, asked: list[csr_matrix]) -> Names:
    """What the plain peer, taught so, says of what is asked."""
    rarities = [TfidfTransformer(sublinear_tf=True).fit(part) for part in taught]
    met, numbers = np.unique(told, return_counts=True)
    heavy = dict(zip(met, (len(told) / (len(met) * numbers)) ** 0.5, strict=True))
    seen, new = (
        hstack([one.transform(part) for one, part in zip(rarities, parts, strict=True)]).tocsr()
        for parts in (taught, asked)
    )
    return np.asarray(
        LinearSVC(C=0.1, class_weight=heavy, tol=1e-3, random_state=0).fit(seen, told).predict(new)
    )


def peer_held_out(folds: NDArray[np.int_], counts: list[csr_matrix], told: Names) -> Names:
    """The plain peer's answers about vendors it did not see, in the same folds."""
    found = told.copy()
    for number in np.unique(folds):
        out = folds == number
        found[out] = peer([part[~out] for part in counts], told[~out], [part[out] for part in counts])
    return found

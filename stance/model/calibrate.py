"""The last digits of a fit, and probabilities that mean what they say.

scikit-learn stops where the gradient of its mean loss is small; the last digits of its
weights then depend on the processor. Newton's method on the same objective takes them
to the optimum, where every processor arrives at the same place.
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit

from stance.model.split import MANY

Floats = NDArray[np.float64]
#: Largest element of the gradient of the summed objective at which a fit is done.
GRADIENT = 1e-12
MAX_NEWTON, MAX_CG = 12, 3000


def _shares(scores: Floats) -> Floats:
    """Return the probability of each column: softmax, or expit for a single one."""
    if scores.shape[1] == 1:
        result: Floats = expit(scores)
        return result
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = grown / grown.sum(axis=1, keepdims=True)
    return shares


def polish(
    X: sp.csr_matrix, y: NDArray[np.integer], fit: tuple[Floats, Floats], *,
    C: float, weights: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    r"""Take a logistic regression from near its optimum to the optimum.

    Parameters
    ----------
    X : sparse matrix, shape (n_texts, n_terms)
        Values of the feature blocks.
    y : ndarray of int, shape (n_texts,)
        Position of each label.
    fit : (ndarray, ndarray)
        Weights (n_rows, n_terms) and intercepts (n_rows,) of a fitted
        ``LogisticRegression``; one row for two labels, else one a label.
    C : float
        Inverse strength of the penalty.
    weights : ndarray, shape (n_texts,)
        Of the texts.

    Returns
    -------
    (ndarray, ndarray)
        In the shape of ``fit``, over the labels centred at zero.

    Notes
    -----
    Minimises :math:`\sum_i w_i \ell_i + \lVert W \rVert^2 / 2C` by Newton steps, each
    solved by conjugate gradients, until no element of the gradient exceeds 1e-12 or
    rounding lets it fall no further. Of more than 10,000 texts sums round off more: the
    bound grows with them, to 1e-11 for 100,000, which still tells weights to 1e-10; and
    a step is solved no further than Newton's method then goes, not to rounding.
    """
    data = sp.hstack([X, np.ones((X.shape[0], 1))]).tocsr()
    back = data.T.tocsr()
    W = np.column_stack(fit).T.copy()  # (n_terms + 1, n_rows)
    n_rows = W.shape[1]
    wanted = (y[:, None] == (np.arange(n_rows) if n_rows > 1 else 1)).astype(float)
    penalty = np.full((len(W), 1), 1.0 / C)
    penalty[-1] = 0.0
    w = weights[:, None]

    def centred(V: Floats) -> Floats:
        # Adding a number to all labels' intercepts changes nothing; without this,
        # rounding drifts along that flat direction and the steps never get small.
        return V - V.mean(axis=1, keepdims=True) if n_rows > 1 else V

    W = centred(W)

    def gradient(W: Floats) -> tuple[Floats, Floats]:
        shares = _shares(np.asarray(data @ W))
        slope = np.asarray(back @ (w * (shares - wanted))) + penalty * W
        return centred(slope), shares

    def curvature(V: Floats, shares: Floats) -> Floats:
        moved = shares * np.asarray(data @ V)
        if n_rows > 1:
            moved -= shares * moved.sum(axis=1, keepdims=True)
        else:
            moved *= 1.0 - shares
        return centred(np.asarray(back @ (w * moved)) + penalty * V)

    is_many, enough = len(y) > MANY, GRADIENT * max(1.0, len(y) / MANY)
    slope, shares = gradient(W)
    for _ in range(MAX_NEWTON):
        steepest = np.abs(slope).max()
        if steepest <= enough:
            break
        share = min(0.1, max(steepest, 0.1 * enough / steepest)) if is_many else 1e-12
        step = _conjugate_gradients(
            lambda V, s=shares: curvature(V, s), -slope, share=share
        )
        nearer, its_shares = gradient(W + step)
        if np.abs(nearer).max() >= steepest:
            break
        W, slope, shares = W + step, nearer, its_shares
    W = centred(W)
    return W[:-1].T.copy(), W[-1].copy()


def _conjugate_gradients(  # type: ignore[no-untyped-def]
    product, wanted: Floats, *, share: float
) -> Floats:
    """Solve ``product(x) = wanted`` for a positive semidefinite product.

    The residual is then at most this share of what is wanted.
    """
    x = np.zeros_like(wanted)
    left, along = wanted.copy(), wanted.copy()
    size = first = float(np.sum(left * left))
    for _ in range(MAX_CG):
        if size <= share**2 * first or size < 1e-34:
            break
        image = product(along)
        rate = size / float(np.sum(along * image))
        x += rate * along
        left -= rate * image
        size, before = float(np.sum(left * left)), size
        along = left + (size / before) * along
    return x


def fit_temperature(scores: Floats, y: NDArray[np.integer], weights: Floats) -> float:
    """Return the factor that makes a softmax of scores as likely as can be.

    Parameters
    ----------
    scores : ndarray, shape (n_texts, n_labels)
        Out of fold.
    y : ndarray of int, shape (n_texts,)
        Position of each label.
    weights : ndarray, shape (n_texts,)
        Of the texts.

    Returns
    -------
    float
        The inverse temperature; below 1 where the scores are too sure.

    References
    ----------
    Guo, C. et al. (2017). On calibration of modern neural networks. *ICML*, sec. 4.2.

    Examples
    --------
    >>> scores = np.array([[2.0, 0.0], [2.0, 0.0], [0.0, 2.0], [0.0, 2.0]])
    >>> round(fit_temperature(scores, np.array([0, 0, 1, 0]), np.ones(4)), 3)
    0.549
    """
    right = scores[np.arange(len(y)), y]
    if (right == scores.max(axis=1)).all():
        # Scores that separate the labels have no optimum. As with Platt's targets, one
        # more unit a label, of no label in particular, keeps them from certainty.
        n_labels = scores.shape[1]
        blur = n_labels / (weights.sum() + n_labels)
        right = (1 - blur) * right + blur * scores.mean(axis=1)
    beta = 1.0
    for _ in range(100):  # the loss is convex in beta
        shares = _shares(beta * scores)
        mean = (shares * scores).sum(axis=1)
        spread = (shares * scores**2).sum(axis=1) - mean**2
        slope, bend = np.sum(weights * (mean - right)), np.sum(weights * spread)
        step = -slope / max(float(bend), 1e-12)
        step = float(np.clip(step, -beta / 2, beta))  # stay positive
        beta += step
        if abs(step) < 1e-14 * beta:
            break
    return float(beta)


def fit_sigmoid(
    scores: Floats, is_label: NDArray[np.bool_], weights: Floats
) -> tuple[float, float]:
    r"""Return slope a and offset b of the sigmoid that calibrates one label's scores.

    Parameters
    ----------
    scores : ndarray, shape (n_texts,)
        Out of fold.
    is_label : ndarray of bool, shape (n_texts,)
        Whether the text has the label.
    weights : ndarray, shape (n_texts,)
        Of the texts.

    Returns
    -------
    (float, float)
        Of :math:`p = 1 / (1 + \exp(a s + b))`; a is negative where scores are right.

    Notes
    -----
    Platt's targets :math:`(n_+ + 1)/(n_+ + 2)` and :math:`1/(n_- + 2)`, as in
    scikit-learn, whose fit this equals; Newton's method to rounding.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines. In *Advances
    in Large Margin Classifiers*, sec. 2.2.

    Examples
    --------
    >>> a, b = fit_sigmoid(np.array([-2.0, -1.0, 1.0, 2.0]),
    ...                    np.array([False, False, True, True]), np.ones(4))
    >>> round(a, 2), round(abs(b), 6)
    (-0.67, 0.0)
    """
    above = float(weights[is_label].sum())
    below = float(weights[~is_label].sum())
    targets = np.where(is_label, (above + 1) / (above + 2), 1 / (below + 2))
    basis = np.column_stack([scores, np.ones_like(scores)])

    def loss(at: Floats) -> float:
        z = basis @ at
        return float(np.sum(weights * (np.logaddexp(0.0, z) - (1 - targets) * z)))

    found = np.array([0.0, np.log((below + 1) / (above + 1))])
    for _ in range(100):
        shares = expit(-(basis @ found))
        slope = basis.T @ (weights * (targets - shares))
        bend = (basis * (weights * shares * (1 - shares))[:, None]).T @ basis
        step = -np.linalg.solve(bend + 1e-14 * np.eye(2), slope)
        size = 1.0
        while size > 1e-4 and loss(found + size * step) > loss(found) + 1e-12:
            size /= 2
        found = found + size * step
        if np.abs(step).max() < 1e-14 * (1 + np.abs(found).max()):
            break
    return float(found[0]), float(found[1])

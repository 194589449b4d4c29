"""Where groups stand in the network view: one layout of all years together, so that nobody moves from year to year."""

from __future__ import annotations

from random import Random
from threading import Lock

import numpy as np

from data.index import Floats, Index
from data.kept import kept

ROUNDS = 300
"""Of the simulation; fewer where there are so many groups that each takes long."""
WORK = 1_500_000
"""Groups times rounds that are spent at most."""
GOLDEN = np.pi * (3 - np.sqrt(5))
NEAR, RIM = 0.9, 0.35
"""The part of the groups that stand as the forces leave them, and how much wider the ring about them is that takes in
the rest: small parts that nothing ties to the others drift so far off that the panel would be theirs."""

_random = Lock()  # igraph's source of random numbers is one for the whole process


@kept(16)
def layout(index: Index) -> tuple[Floats, Floats]:
    """Place every group that has an alliance in any year, by the forces of Fruchterman and Reingold (1991).

    The graph has the dataset's groups as nodes and all its allied dyads as edges, whatever the year and the filters.
    It starts from a sunflower in the order of the dataset and is therefore the same each time.

    Returns
    -------
    x, y
        (G,) each, in units of their own; NaN for a group without any alliance.
    """
    from igraph import Graph, set_random_number_generator

    ties, n_groups = index.alliances, len(index.groups.ids)
    dyads = np.unique(np.column_stack((np.minimum(ties.a, ties.b), np.maximum(ties.a, ties.b))), axis=0)
    nodes = np.unique(dyads)
    x, y = np.full(n_groups, np.nan), np.full(n_groups, np.nan)
    if len(nodes) == 0:
        return x, y
    place = np.arange(len(nodes))
    start = np.sqrt(place)[:, None] * np.column_stack((np.cos(place * GOLDEN), np.sin(place * GOLDEN)))
    rounds = int(np.clip(WORK // len(nodes), 20, ROUNDS))
    graph = Graph(n=len(nodes), edges=np.searchsorted(nodes, dyads).tolist())
    with _random:
        set_random_number_generator(Random(0))  # noqa: S311 - always the same, on purpose
        stands = graph.layout_fruchterman_reingold(seed=start.tolist(), niter=rounds).coords
    x[nodes], y[nodes] = _gathered(np.array(stands)).T
    return x, y


def _gathered(stands: Floats) -> Floats:
    """Pull in what stands far out, along the line to the middle; the order of the distances stays.

    Parameters
    ----------
    stands
        (n, 2) places about no matter which middle.
    """
    middle = np.median(stands, axis=0)
    away = np.hypot(*(stands - middle).T)
    near = float(np.quantile(away, NEAR))
    if near == 0:
        return stands
    beyond = np.maximum(away - near, 0) / near
    pulled = np.where(beyond > 0, near * (1 + RIM * (1 - np.exp(-beyond))), away)
    part = np.divide(pulled, away, out=np.ones_like(away), where=away > 0)
    return np.asarray(middle + (stands - middle) * part[:, None], dtype=np.float64)

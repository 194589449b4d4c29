"""Structure of each year's alliance network, for all years in one pass.

The graph of a year has the year's allied groups as nodes and its dyads as edges. All years together are one graph
of (group, year) nodes without an edge between years, so that sparse arithmetic does every year at once.
"""

from __future__ import annotations

import numpy as np

from data.index import Bools, Floats, Index, Ints
from data.measures.key_figures import share
from data.panel import Panel


def _assortativity(index: Index, a: Ints, b: Ints, window: Ints, n: int) -> Floats:
    """Newman's coefficient of the mixing matrix e: (tr e - sum of e^2) / (1 - sum of e^2); NaN where undefined."""
    k = len(index.atlas.dataset.ideologies)
    p, q = index.groups.primary[a], index.groups.primary[b]
    known = (p >= 0) & (q >= 0)
    p, q, window = p[known], q[known], window[known]
    cells = np.bincount((window * k + p) * k + q, minlength=n * k * k).reshape(n, k, k).astype(float)
    mixing = cells + cells.transpose(0, 2, 1)
    total = mixing.sum(axis=(1, 2))
    within, by_chance = np.full(n, np.nan), np.full(n, np.nan)
    some = total > 0
    within[some] = np.trace(mixing[some], axis1=1, axis2=2) / total[some]
    by_chance[some] = ((mixing[some].sum(axis=2) / total[some, None]) ** 2).sum(axis=1)
    out = np.full(n, np.nan)
    mixed = some & (by_chance < 1)
    out[mixed] = (within[mixed] - by_chance[mixed]) / (1 - by_chance[mixed])
    return out


def structure(index: Index, panel: Panel, passes: Bools) -> dict[str, Ints | Floats]:
    """Measures of the network of each window.

    Parameters
    ----------
    passes
        (N,) mask over ``index.alliances``.

    Returns
    -------
    dict
        ``nodes``, ``edges``, ``density`` 2m / n(n - 1), ``components``, ``largest_component_share``,
        ``clustering`` (mean local coefficient, Watts and Strogatz 1998, 0 below two allies),
        ``centralisation`` of degree, sum of (max - d) / (n - 1)(n - 2) (Freeman 1978), and ``assortativity``
        by primary ideology (Newman 2003), each (n_windows,); NaN where a measure has no meaning.
    """
    from scipy.sparse import csgraph, csr_array  # slow to import, and a start can do without

    ties, n = index.alliances, panel.n_windows
    rows = panel.leading(passes)
    a, b, window = ties.a[panel.tie[rows]], ties.b[panel.tie[rows]], panel.window[rows]
    size = len(index.groups.ids)
    ids, place = np.unique(np.concatenate((window * size + a, window * size + b)), return_inverse=True)
    when, total = ids // max(size, 1), len(ids)
    left, right = place[: len(a)], place[len(a) :]
    ones = np.ones(2 * len(a), dtype=np.int64)
    graph = csr_array((ones, (np.concatenate((left, right)), np.concatenate((right, left)))), shape=(total, total))

    degree = np.bincount(place, minlength=total)
    corners = np.asarray((graph @ graph).multiply(graph).sum(axis=1)).ravel() if total else np.zeros(0)
    pairs = degree * (degree - 1)
    local = np.divide(corners, pairs, out=np.zeros(total), where=pairs > 0)

    nodes, edges = np.bincount(when, minlength=n), np.bincount(window, minlength=n)
    n_parts, part = csgraph.connected_components(graph, directed=False) if total else (0, np.zeros(0, dtype=np.int64))
    part_size = np.bincount(part, minlength=n_parts)
    part_when = np.zeros(n_parts, dtype=np.int64)
    part_when[part] = when
    largest, most = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.maximum.at(largest, part_when, part_size)
    np.maximum.at(most, when, degree)
    return {
        "nodes": nodes,
        "edges": edges,
        "density": share(2 * edges, nodes * (nodes - 1)),
        "components": np.bincount(part_when, minlength=n),
        "largest_component_share": share(largest, nodes),
        "clustering": share(np.bincount(when, weights=local, minlength=n), nodes),
        "centralisation": share(nodes * most - 2 * edges, (nodes - 1) * (nodes - 2)),
        "assortativity": _assortativity(index, a, b, window, n),
    }

"""The packed payload says what the payload says, and names whom the page lists."""

from __future__ import annotations

import numpy as np
import orjson
import pytest

from callbacks.answers import AnswerCache
from data.grammar import parse, what
from data.index import index
from data.packed import LISTED, OF_BASE, SETTLED, is_large, listed, names, packed, packed_column
from data.panel import by_year, period
from data.payload import in_view, payload
from tests import made

QUERIES = ("", "ideology=islamist&type=material", "region=western-asia", "confidence=high", "rivals=1")


def columns_of(body: bytes) -> tuple[dict, dict[str, dict[str, np.ndarray]]]:
    """Head and columns of a packed payload, read by the words of data/packed.py."""
    length = int.from_bytes(body[:4], "little")
    head, at = orjson.loads(body[4 : 4 + length]), 4 + length
    out: dict[str, dict[str, np.ndarray]] = {"groups": {}, "relationships": {}, "rivals": {}}
    for how in head["columns"]:
        n, size = how["n"], how["size"]
        planes = np.frombuffer(body, np.uint8, n * size, at).reshape(size, n).astype(np.int64)
        values = sum(planes[i] << 8 * i for i in range(size)) + how["from"]
        values = np.cumsum(values) if how.get("summed") else values
        out[how["of"]][how["key"]] = values + (out[how["of"]][how["plus"]] if "plus" in how else 0)
        at += n * size
    assert at == len(body)
    return head, out


@pytest.fixture(scope="module")
def served(mgar):
    return {mgar.dataset.slug: mgar}


def asked(served, query: str):
    selection, notices = parse(query, served)
    return what(selection, served), notices


@pytest.mark.parametrize("query", QUERIES)
def test_the_packed_payload_says_the_same(served, query):
    selection, notices = asked(served, query)
    whole = payload(selection, notices, served)
    head, columns = columns_of(packed(selection, notices, served))
    for key, value in whole.items():
        if key not in columns:
            assert head[key] == orjson.loads(orjson.dumps(value)), key
    base = columns["groups"].pop("base")
    for key in OF_BASE:
        assert [head["bases"][key][i] for i in base] == whole["groups"][key], key
    for key, values in columns["groups"].items():
        if key != "row":
            assert values.tolist() == whole["groups"][key], key
    for of in ("relationships", "rivals"):
        left_out = {"id", *SETTLED} if of == "relationships" else {"id"}
        assert columns[of].keys() == whole[of].keys() - left_out
        for key, values in columns[of].items():
            assert values.tolist() == whole[of][key], key
    ties, region = whole["relationships"], whole["groups"]["region"]
    by = {
        "type": (ties["types"], ties["coded"]),
        "region": ([region[g] for g in ties["a"]], [region[g] for g in ties["b"]]),
    }
    for key, (p, q) in by.items():
        table, width = head["settled"][key]["table"], head["settled"][key]["width"]
        assert [table[i * width + j] for i, j in zip(p, q, strict=True)] == ties[key], key
    every = names(index(served[selection.dataset]))
    for key in ("id", "name"):
        assert [every[key][i] for i in columns["groups"]["row"]] == whole["groups"][key]
        assert head["named"][key] == [whole["groups"][key][g] for g in head["named"]["at"]]


def test_the_same_question_gives_the_same_bytes(served):
    selection, notices = asked(served, "type=material")
    assert packed(selection, notices, served) == packed(selection, notices, served)


def test_every_year_s_leading_groups_are_named(served, mgar):
    index_ = index(mgar)
    selection, _ = asked(served, "")
    view = in_view(index_, selection)
    found, text = set(listed(index_, view).tolist()), mgar.groups["name"].tolist()
    panel, ties = by_year(index_), index_.alliances
    for window in range(panel.n_windows):
        rows = view.leading[panel.window[view.leading] == window]
        ends, degree = np.unique(np.concatenate((ties.a[panel.tie[rows]], ties.b[panel.tie[rows]])), return_counts=True)
        order = sorted(range(len(ends)), key=lambda i: (-degree[i], text[ends[i]]))
        assert {int(ends[i]) for i in order[:LISTED]} <= found
    assert len(found) < len(view.groups) / 2


@pytest.mark.parametrize("most", [0, 1, 255, 256, 65_535, 65_536, 3_000_000])
def test_a_column_takes_as_few_bytes_as_its_largest_number_needs(most):
    values = np.array([7, 7 + most, 7 + most // 2])
    how, body = packed_column(values)
    assert (how["from"], how["n"], len(body)) == (7, 3, 3 * how["size"])
    assert how["size"] == (1 if most < 256 else 2 if most < 65_536 else 4)


def test_an_empty_view_can_be_packed(served):
    selection, notices = asked(served, "confidence=high&type=territorial&types=only&region=polynesia")
    head, columns = columns_of(packed(selection, notices, served))
    assert head["named"]["id"] == []
    assert [len(columns["relationships"][key]) for key in ("a", "types")] == [0, 0]


def test_a_focus_has_the_groups_of_its_ties_alone(served, mgar):
    tie = mgar.relationships.iloc[0]
    selection, notices = asked(served, f"group={tie['group_a']}")
    whole = payload(selection, notices, served)
    ends = {*whole["relationships"]["a"], *whole["relationships"]["b"]}
    assert len(whole["groups"]["id"]) == len(ends) < 100
    assert tie["group_a"] in whole["groups"]["id"]


def test_the_bundled_datasets_are_small(mgar, curated):
    assert not is_large(index(mgar))
    assert not is_large(index(curated))


@pytest.mark.parametrize("windows", ["years", "period"])
def test_dyads_with_one_alliance_are_counted_as_the_others_are(tmp_path, windows):
    ids = "abcdef"
    ties = [
        made.tie("a", "b", 1980, 1985), made.tie("a", "b", 1984, 1990, relation="fan"), made.tie("a", "c", 1979, 1981),
        made.tie("c", "d", 1999, 2030), made.tie("d", "e", 1970, 1975), made.tie("e", "f", 1990, 1990),
        made.tie("a", "f", 1983, 1983), made.tie("a", "f", 1985, 1986),
    ]  # fmt: skip
    index_ = index(made.atlas(tmp_path / windows, made.groups(*ids, start_year="1960"), ties))
    panel = by_year(index_) if windows == "years" else period(index_, 1981, 1990)
    rng = np.random.default_rng(1)
    for passes in (rng.random(len(index_.alliances)) < part for part in (0.3, 0.6, 0.9, 1.1)):
        wanted = [set() for _ in range(panel.n_windows)]
        for tie, window in zip(panel.tie, panel.window, strict=True):
            if passes[tie]:
                wanted[window].add(index_.alliances.dyad[tie])
        assert panel.count(passes).tolist() == [len(dyads) for dyads in wanted]


def test_kept_answers_are_bounded_in_bytes():
    cache = AnswerCache(most=100, most_bytes=4000)
    for i in range(20):
        cache.get((str(i),), lambda: b"x" * 1000)
    cache.get(("19",), lambda: b"y")
    assert (cache.hits, cache.misses) == (1, 20)  # three times the body is reckoned: one stays
    cache.get(("18",), lambda: b"y")
    assert cache.misses == 21
    big = cache.get(("big",), lambda: b"z" * 9000)
    assert cache.get(("big",), lambda: b"") is big  # the latest stays, whatever its size
    assert big.mimetype == "application/octet-stream"

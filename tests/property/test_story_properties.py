"""Whatever a story's file holds, it is read or refused with a message; what is written is read back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import AtlasError
from data.grammar import MOST_NOTE, MOST_TITLE
from data.stories import read_story, shown, story_of
from data.stories.facts import FACTS

PRINTABLE = st.characters(exclude_categories=("C", "Z"))


@pytest.fixture(scope="module")
def served(curated):
    return {"curated": curated}


def read_or_refused(body: bytes, served) -> None:
    try:
        for one in shown(read_story(body, "s.toml"), served):
            assert 0 < len(one.title) <= MOST_TITLE
            assert len(one.text) <= MOST_NOTE
            assert one.selection.dataset == "curated"
    except AtlasError as why:
        assert why.where.startswith("s.toml")  # noqa: PT017
        assert why.what  # noqa: PT017
        assert why.mend  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(body, served):
    read_or_refused(body, served)


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.lists(st.integers(), max_size=2)
WORDS = st.sampled_from([*FACTS, "x"]).flatmap(
    lambda word: st.sampled_from(
        ["", ":1969", ":islamist", ":islamist@1990", ":late_1960s", ":\N{SUPERSCRIPT TWO}000", "!r"]
    ).map(lambda spec: f"{{{word}{spec}}}")
)
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=3).map("".join)
QUERIES = st.sampled_from(
    [
        "",
        "year=1984",
        "year=1984&compare=1969",
        "since=1960&year=1970",
        "year=1946&region=caribbean",
        "yaer=1",
        "dataset=x",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    table=st.fixed_dictionaries(
        {"title": TEXTS, "dataset": st.just("curated") | st.text(max_size=5)},
        optional={
            "source": VALUES,
            "views": VALUES
            | st.lists(st.fixed_dictionaries({"title": TEXTS, "text": TEXTS, "query": QUERIES}), max_size=3),
            "more": VALUES,
        },
    )
)
def test_any_values_are_read_or_refused(table, served):
    try:
        story = story_of(table, "s.toml")
        shown(story, served, literal=True)
        shown(story, served)
    except AtlasError as why:
        assert why.what  # noqa: PT017
        assert why.mend  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(title=st.text(PRINTABLE, min_size=1, max_size=40), text=st.text(PRINTABLE, min_size=1, max_size=40))
def test_what_is_written_is_read_back(title, text, served):
    said = [word.replace("{", "{{").replace("}", "}}") for word in (title, text)]
    head = f'title = {json.dumps(title, ensure_ascii=False)}\ndataset = "curated"\n'
    view = '[[view]]\ntitle = {}\ntext = {}\nquery = "year=1990"\n'.format(
        *(json.dumps(s, ensure_ascii=False) for s in said)
    )
    (one,) = shown(read_story((head + view).encode(), "s.toml"), served)
    assert (one.title, one.text) == (title, text)

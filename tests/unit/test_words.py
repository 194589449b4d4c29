"""The view in words, as analysts and briefers will quote it."""

from __future__ import annotations

import pytest

from data.grammar import parse
from data.index import index
from data.view import view
from data.words import chips, sentence


def said(query, curated) -> str:
    served = {"curated": curated}
    selection, _ = parse(query, served)
    figures = view(selection, (), served)["key_figures"]
    return sentence(index(curated), selection, figures["alliances"], figures["allied_groups"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "All alliances, 2015: 249 alliances, 191 groups allied"),
        ("year=1968", "All alliances, 1968: 41 alliances, 60 groups allied"),
        (
            "ideology=leftist,islamist&ends=both&year=1985&crossborder=1",
            "Alliances among Islamist or Leftist groups, across borders, 1985: 23 alliances, 26 groups allied",
        ),
        (
            "type=material,training&types=all&year=2000",
            "Alliances with material and training co-operation, 2000: 12 alliances, 21 groups allied",
        ),
        (
            "type=rhetorical&types=only&year=2000&confidence=medium",
            "Alliances with only rhetorical co-operation, medium confidence or higher, 2000: 12 alliances",
        ),
        (
            "type=operational,material,financial,training,territorial&year=2000&kind=ally",
            "Alliances with tangible co-operation of kind ally, 2000: 98 alliances, 106 groups allied",
        ),
    ],
)
def test_sentences(query, expected, curated):
    got = said(query, curated)
    assert got.split(": ")[0] == expected.split(": ")[0]


def test_the_example_of_the_page(curated):
    assert said("ideology=islamist&type=material&region=southern-asia&year=2010", curated) == (
        "Alliances of Islamist groups with material co-operation, Southern Asia, 2010: 5 alliances, 8 groups allied"
    )


def test_focus_and_period(curated):
    assert said("group=hezbollah&year=2010&since=2001", curated).startswith(
        "Alliances touching Hezbollah, 2001\u20132010: "
    )
    assert " touching Hezbollah or its partners, " in said("group=hezbollah&hops=2&year=2010", curated)


def test_one_is_singular(curated):
    index_ = index(curated)
    selection, _ = parse("", {"curated": curated})
    assert sentence(index_, selection, 1, 1).endswith(": 1 alliance, 1 group allied")


def test_each_value_of_a_list_has_its_own_chip(curated):
    selection, _ = parse(
        "ideology=islamist,leftist&confidence=high&crossborder=1&group=hezbollah", {"curated": curated}
    )
    assert [(c.key, c.value, c.words) for c in chips(index(curated), selection)] == [
        ("ideology", "islamist", "Islamist"),
        ("ideology", "leftist", "Leftist"),
        ("confidence", "", "at least high"),
        ("crossborder", "", "Across borders only"),
        ("group", "", "Hezbollah"),
    ]

"""Every row of the grammar table, and how reading copes with what is not in it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from data.grammar import KEYS, PARAMETERS, as_json, default, parse, to_query, what
from data.selection import Selection
from data.view import view
from tests import made

ROWS = [
    {"group_id": "a", "ideologies": "islamist", "base_country": "LBN"},
    {"group_id": "b", "ideologies": "leftist|islamist", "base_country": "SYR", "lat": "33.51", "lon": "36.29"},
    {"group_id": "c", "ideologies": "leftist", "base_country": "IND", "lat": "28.6", "lon": "77.2"},
    {"group_id": "d", "ideologies": "", "base_country": "", "lat": "", "lon": "", "precision": ""},
    {"group_id": "e", "ideologies": "right_wing", "base_country": "LBN"},
]
TIES = [
    made.tie("a", "b", 1990, 1995, cooperation="material|training", confidence="high", relationship_id="ab"),
    made.tie(
        "b", "c", 1990, 1995, cooperation="material", confidence="medium", relation="associate", relationship_id="bc"
    ),
    made.tie("c", "d", 1990, 1995, cooperation="rhetorical", confidence="low", relation="fan", relationship_id="cd"),
    made.tie("a", "e", 1990, 1992, cooperation="", confidence="", relation="supporter", relationship_id="ae"),
    made.tie("a", "c", 1990, 1995, cooperation="", relation="rival", relationship_id="ac"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    return {
        "made": made.atlas(folder / "made", ROWS, TIES),
        "other": made.atlas(folder / "other", made.groups("x", "y"), [made.tie("x", "y", 1990, 1991)]),
    }


def ids(query, served) -> set[str]:
    selection, notices = parse(query, served)
    assert notices == ()
    return set(view(selection, notices, served)["relationships"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"ab", "bc", "cd", "ae"}),
        ("year=1990", {"ab", "bc", "cd", "ae"}),
        ("year=1989", set()),
        ("year=1995", {"ab", "bc", "cd"}),
        ("year=1996", set()),
        ("year=1999&since=1995", {"ab", "bc", "cd"}),
        ("year=1999&since=1996", set()),
        ("year=1992&ideology=islamist", {"ab", "bc", "ae"}),
        ("year=1992&ideology=islamist&ends=both", {"ab"}),
        ("year=1992&ideology=leftist&ends=both", {"bc"}),
        ("year=1992&ideology=leftist,right_wing", {"ab", "bc", "cd", "ae"}),
        ("year=1992&ends=both", {"ab", "bc", "cd", "ae"}),
        ("year=1992&type=material", {"ab", "bc"}),
        ("year=1992&type=material,training", {"ab", "bc"}),
        ("year=1992&type=material,training&types=all", {"ab"}),
        ("year=1992&type=material&types=only", {"bc"}),
        ("year=1992&type=material,rhetorical&types=only", {"bc", "cd"}),
        ("year=1992&types=only", {"ab", "bc", "cd", "ae"}),
        ("year=1992&kind=fan,supporter", {"cd", "ae"}),
        ("year=1992&region=western-asia", {"ab", "bc", "ae"}),
        ("year=1992&region=southern-asia", {"bc", "cd"}),
        ("year=1992&region=polynesia", set()),
        ("year=1992&confidence=low", {"ab", "bc", "cd", "ae"}),
        ("year=1992&confidence=medium", {"ab", "bc"}),
        ("year=1992&confidence=high", {"ab"}),
        ("year=1992&crossborder=1", {"ab", "bc"}),
        ("year=1992&group=b", {"ab", "bc"}),
        ("year=1992&group=b&hops=2", {"ab", "bc", "cd", "ae"}),
        ("year=1995&group=e", set()),
        ("year=1995&group=e&hops=2", {"ab"}),  # a is e's partner in another year
        ("year=1992&group=e&hops=2&kind=ally", set()),  # under the other filters e has no partner
        ("year=1992&hops=2", {"ab", "bc", "cd", "ae"}),
        ("year=1992&rivals=1", {"ab", "bc", "cd", "ae"}),
        ("year=1992&colour=kind&hide=fan", {"ab", "bc", "cd", "ae"}),
        ("year=1992&card=a&map=10,20.5,3", {"ab", "bc", "cd", "ae"}),
        ("dataset=other", {"x--y--1990"}),
    ],
)
def test_what_passes(query, expected, served):
    assert ids(query, served) == expected


def test_the_default_year_has_most_alliances_and_is_the_latest_of_several(served):
    assert default("made", served["made"]).year == 1992
    assert default("other", served["other"]).year == 1991


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("ideology=marxist", "'marxist'"),
        ("type=moral", "'moral'"),
        ("kind=rival", "'rival'"),
        ("region=asia", "'asia'"),
        ("confidence=none", "'none'"),
        ("ends=one", "'one'"),
        ("types=some", "'some'"),
        ("crossborder=yes", "'yes'"),
        ("group=A", "'A'"),
        ("card=nobody", "'nobody'"),
        ("chart=pie", "'pie'"),
        ("hops=3", "'3'"),
        ("year=1979", "'1979'"),
        ("year=2001", "'2001'"),
        ("year=199O", "'199O'"),
        ("year=", "''"),
        ("year=1990.0", "'1990.0'"),
        ("since=1992", "'1992'"),
        ("year=1990&since=1990", "'1990'"),
        ("year=1980&since=1979", "'1979'"),
        ("rivals=0", "'0'"),
        ("colour=red", "'red'"),
        ("hide=fan", "'fan'"),
        ("map=1,2", "'1,2'"),
        ("map=200,0,1", "'200,0,1'"),
        ("map=0,0,inf", "'0,0,inf'"),
        ("dataset=nothere", "'nothere'"),
        ("foo=1", "'foo'"),
        ("data=", "''"),
    ],
)
def test_what_cannot_be_read_is_dropped_with_a_notice_that_names_it(query, named, served):
    selection, notices = parse(query, served)
    (notice,) = notices
    assert named in notice
    assert query.split("&")[-1].split("=")[0] in notice
    year = selection.year
    assert selection == replace(default("made", served["made"]), year=year)


def test_unknown_values_of_a_list_are_dropped_one_by_one(served):
    selection, notices = parse("ideology=marxist,leftist,ISLAMIST", served)
    assert selection.ideology == ("leftist",)
    assert [("'marxist'" in n, "'ISLAMIST'" in n) for n in notices] == [(True, False), (False, True)]


def test_lists_come_out_in_the_order_of_the_vocabulary_without_repeats(served):
    selection, notices = parse("type=training,material,training", served)
    assert (selection.type, notices) == (("material", "training"), ())


def test_of_a_repeated_parameter_the_last_counts(served):
    selection, notices = parse("year=1990&kind=ally&year=1991", served)
    assert selection.year == 1991
    assert len(notices) == 1
    assert "year" in notices[0]


def test_a_value_is_known_if_the_vocabulary_has_it_whether_or_not_a_row_uses_it(served):
    selection, notices = parse("ideology=pro_government&region=polynesia", served)
    assert (selection.ideology, selection.region, notices) == (("pro_government",), ("polynesia",), ())


def test_vocabularies_come_from_the_dataset(tmp_path):
    more = '[[ideology]]\nid = "maoist"\nlabel = "Maoist"\n'
    rows = made.groups("a", "b", ideologies="maoist")
    served = {"made": made.atlas(tmp_path / "made", rows, [made.tie("a", "b", 1990)], more=more)}
    assert parse("ideology=maoist", served)[1] == ()
    assert len(parse("ideology=islamist", served)[1]) == 1


def test_the_year_is_settled_before_since_whatever_the_order(served):
    selection, notices = parse("since=1991&year=1995", served)
    assert (selection.since, selection.year, notices) == (1991, 1995, ())


def test_hidden_classes_are_those_of_the_present_colouring(served):
    selection, notices = parse("hide=fan,not-coded&colour=type", served)
    assert selection.hide == ("not-coded",)
    assert len(notices) == 1


def test_another_version_opens_with_a_notice_and_the_same_with_none(served):
    assert parse("data=1", served)[1] == ()
    selection, (notice,) = parse("data=2019.01", served)
    assert (selection.data, "2019.01" in notice) == ("2019.01", True)


def test_defaults_are_left_out(served):
    selection, _ = parse("ends=either&types=any&confidence=low&hops=1&colour=ideology&dataset=made&year=1992", served)
    assert to_query(selection, served) == ""


def test_cited_links_always_name_year_and_version(served):
    selection, _ = parse("kind=ally", served)
    assert to_query(selection, served, cite=True) == "kind=ally&year=1992&data=1"


def test_the_halves_together_are_the_whole(served):
    query = "dataset=other&kind=ally&confidence=high&year=1990&rivals=1&map=1.5,-2,3"
    selection, _ = parse(query, served)
    parts = [to_query(selection, served, half=half) for half in ("what", "when")]
    assert "&".join(parts) == to_query(selection, served) == query
    assert to_query(what(selection, served), served) == parts[0]


def test_fields_parameters_and_json_are_one_list():
    assert [field.name for field in fields(Selection)] == list(KEYS)
    assert [parameter.key for parameter in PARAMETERS] == list(KEYS)


def test_json_of_a_selection_has_every_parameter(served):
    assert list(as_json(parse("", served)[0])) == list(KEYS)


@pytest.mark.parametrize("query", [b"\xff\xfe=%ff", b"year=%31%39%39%30&%00=1", "&&&===", "?year=1990", "a" * 100_000])
def test_odd_bytes_are_read(query, served):
    selection, _ = parse(query, served)
    assert selection.dataset == "made"

"""Stories: what a file may say, what is said of one that cannot be read, and whether the bundled ones are true."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import orjson
import pytest
from PIL import Image
from pptx import Presentation

import app
from callbacks import settings, slides
from data.errors import AtlasError
from data.filters import passing
from data.grammar import MOST_NOTE, MOST_TITLE, default, parse
from data.index import index
from data.measures.key_figures import KEY_FIGURES
from data.panel import by_year
from data.published import QUOTED
from data.stories import as_json, bundled, find_story, read_story, shown
from data.stories.facts import ARTICLE, FACTS, filled
from data.view import view

GOOD = """
title = "Two years"
dataset = "curated"

[[view]]
title = "{year}"
text = "There are {alliances}."
query = "year=1990"

[[view]]
title = "Then"
text = "A brace: {{."
query = "?year=2010&ideology=islamist"
"""


@pytest.fixture(scope="module")
def served(curated):
    return {"curated": curated}


@pytest.fixture(scope="module")
def client(curated, mgar):
    return app.create_app({"curated": curated, "synthetic-mgar-scale": mgar}, settings.Settings()).server.test_client()


def story(text: str):
    return read_story(text.encode(), "s.toml")


# ---- the file -------------------------------------------------------------------------------------------------------


def test_a_story_is_read_and_its_numbers_come_from_the_data(served):
    first, second = shown(story(GOOD), served)
    n = view(parse("year=1990", served)[0], (), served)["key_figures"]["alliances"]
    assert (first.title, first.text) == ("1990", f"There are {n}.")
    assert (second.text, second.query) == ("A brace: {.", "year=2010&ideology=islamist")
    assert second.selection.ideology == ("islamist",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('title = "Two years"', 'titel = "Two years"'), r"s\.toml:2: 'titel' is not known; mend: write title"),
        (('title = "Two years"', ""), r"s\.toml:1: title is missing|s\.toml:\d+: title is missing; mend: add title"),
        (('title = "Two years"', "title = 3"), r"s\.toml:2: title is not a text: '3'; mend: write title"),
        (('text = "A brace: {{."', ""), r"s\.toml:10: view 2: text is missing; mend: add text"),
        (('text = "A brace: {{."', f'text = "{"x" * 601}"'), r"s\.toml:10: view 2: text has 601 letters; mend: write"),
        (("query =", "qeury ="), r"s\.toml:5: view 1: 'qeury' is not known; mend: write query"),
        (('"Two years"', '"Two years'), r"s\.toml:2: is not valid TOML"),
    ],
)
def test_a_fault_is_named_with_its_line_entry_and_mend(change, said):
    with pytest.raises(AtlasError, match=said):
        story(GOOD.replace(*change))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"curated"', '"mgar"'), r"s\.toml: dataset: 'mgar' is not served; mend: use curated"),
        (("year=1990", "year=3000"), r"s\.toml:5: view 1: query: year: '3000' is not usable .*; mend: use a year from"),
        (("year=1990", "yaer=1990"), r"s\.toml:5: view 1: query: Unknown parameter 'yaer'"),
        (
            ("{alliances}", "{alliance}"),
            r"s\.toml:5: view 1: text: '\{alliance\}' is not known; mend: write \{alliances\}",
        ),
        (("{alliances}", "{alliances"), r"s\.toml:5: view 1: text: a brace stands alone; mend: write \{\{"),
        (("{alliances}", "{alliances!r}"), r"is not known"),
        (("{alliances}", "{alliances.__class__}"), r"is not known"),
        (("{alliances}", "{alliances:19}"), r"cannot be worked out; mend: write a year from 1945 to 2020"),
        (("{alliances}", "{more}"), r"cannot be worked out; mend: write a year behind the colon"),
        (("{alliances}", "{share:nothing}"), r"cannot be worked out; mend: write one of islamist, "),
        (("{alliances}", "{formed}"), r"cannot be worked out; mend: give the view's query a year to compare with"),
        (
            ("There are {alliances}.", "x" * 155 + "{alliances}{groups}"),
            r"view 1: text has 161 letters as it is shown",
        ),
        (("year=1990", "dataset=other"), r"view 1: query: dataset: 'other' is not usable"),
    ],
)
def test_what_only_the_data_can_tell_is_named_too(change, said, served):
    with pytest.raises(AtlasError, match=said):
        shown(story(GOOD.replace(*change)), served)


def test_a_story_has_bounds(served):
    head = 'title = "t"\ndataset = "curated"\n'
    one = '[[view]]\ntitle = "t"\ntext = "t"\nquery = ""\n'
    assert len(story(head + 60 * one).views) == 60
    for text in (head, head + 61 * one, head + 'view = "x"\n', head + "view = [1]\n"):
        with pytest.raises(AtlasError, match=r"1 to 60|list of views"):
            story(text)
    with pytest.raises(AtlasError, match="bytes"):
        read_story(b"#" * 200_001, "s.toml")
    with pytest.raises(AtlasError, match="is not UTF-8"):
        read_story(b'title = "\xff"', "s.toml")


def test_a_query_may_name_the_storys_own_dataset_and_no_other(curated, mgar):
    both = {"curated": curated, "synthetic-mgar-scale": mgar}
    assert shown(story(GOOD.replace("year=1990", "dataset=curated&year=1990")), both)[0].selection.year == 1990
    with pytest.raises(AtlasError, match="leave dataset out of the query"):
        shown(story(GOOD.replace("year=1990", "dataset=synthetic-mgar-scale&year=1990")), both)


def test_a_story_is_found_by_name_or_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert find_story(str(path)).title == "Two years"
    assert find_story("lull") is bundled()["lull"]
    for name in (str(tmp_path / "none.toml"), str(tmp_path), "a\0b"):
        with pytest.raises(AtlasError, match=r"there is no story .*; mend: name a file, or one of first-wave, lull,"):
            find_story(name)


def test_each_fact_is_what_its_measure_says(served):
    selection = replace(default("curated", served["curated"]), year=1984, compare=1969)
    told = view(selection, (), served)

    def said(word, **change):
        return filled(f"{{{word}}}", replace(selection, **change), served, "text", "s.toml")

    figures = told["key_figures"]
    assert said("alliances") == f"{figures['alliances']:,}"
    assert said("allied_share") == f"{int(figures['allied_share'] * 100 + 0.5)}%"
    assert said("median_reach_km").endswith(" km")
    before = told["series"]["1969"]
    assert said("alliances:1969") == str(before)
    assert said("more:1969") == str(figures["alliances"] - before)
    assert said("fewer:1985") == str(told["series"]["1985"] - figures["alliances"])
    assert said("times:1969") == f"{figures['alliances'] / before:.1f}"
    for key in ("formed", "ended", "kept"):
        assert said(key) == str(told["compare"][key])
    series = {int(year): n for year, n in told["series"].items()}
    assert said("high") == str(max(series, key=lambda year: series[year]))
    assert said("high:1990") == str(max((y for y in series if y <= 1990), key=lambda year: series[year]))
    assert int(said("count:leftist")) / figures["alliances"] == pytest.approx(
        int(said("share:leftist")[:-1]) / 100, abs=0.005
    )
    assert [said("year"), said("compare")] == ["1984", "1969"]
    assert said("article:late_1960s") == QUOTED[0].label
    assert said("since", since=1980, compare=None) == "1980"
    assert said("hub", compare=None)
    assert int(said("hub_allies")) > 1
    assert {f.key for f in KEY_FIGURES} <= set(FACTS)


# ---- the bundled stories ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(served):
    return {name: shown(one, served) for name, one in bundled().items()}


def test_the_bundled_stories_fit_their_sheet_and_type_no_number(told):
    assert list(told) == ["first-wave", "lull", "second-wave"]
    for name, views in told.items():
        assert "Potter" in bundled()[name].source
        for written, one in zip(bundled()[name].views, views, strict=True):
            assert len(one.title) <= MOST_TITLE
            assert len(one.text) <= MOST_NOTE
            # Years that are named are the view's own, or stand in a word in braces.
            bare = re.sub(r"\{[^}]*\}", "", f"{written.title} {written.text}")
            typed = set(re.findall(r"\d+", bare.replace("1960s", "").replace("1980s", "")))
            assert typed <= set(re.findall(r"\d{4}", f"{written.text}{one.query}")), typed


def series(served, query=""):
    found, selection = index(served["curated"]), parse(query, served)[0]
    values = by_year(found).count(passing(found, selection)).tolist()
    return dict(zip(found.years.tolist(), values, strict=True))


def test_what_the_stories_say_in_words_is_so(told, served):
    all_ = series(served)

    def fact(word, query):
        return filled(f"{{{word}}}", parse(query, served)[0], served, "text", "test")

    # The first wave: who leads, who has most allies, where most of it is.
    classes = ("islamist", "leftist", "ethnonationalist", "right_wing", "cross-ideological")
    assert max(classes, key=lambda c: int(fact(f"count:{c}", "year=1972"))) == "leftist"
    assert fact("hub", "year=1972") == "Fatah" == fact("hub", "year=1972&group=fatah")
    assert sum(int(fact(f"share:{c}", "year=1984&colour=region")[:-1]) for c in ("asia", "americas")) > 50
    assert int(fact("kept", "year=1984&compare=1969")) < int(fact("formed", "year=1984&compare=1969")) / 10
    # The lull: highest before the fall, level in the late 1980s, lowest by the rule where the story says.
    assert all(all_[1985] > n for year, n in all_.items() if year < 1985)
    assert all_[1987] < all_[1986] < all_[1985]
    shelf = [all_[year] for year in (1987, 1988, 1989)]
    assert max(shelf) - min(shelf) <= 5
    assert all_[1991] < min(shelf)
    assert int(fact("ended", "year=1991&compare=1985&ideology=leftist")) > int(
        fact("formed", "year=1991&compare=1985&ideology=leftist")
    )
    assert fact("lull", "year=1993") == "1993"
    # The second wave: level before 2010, highest in 2015, and most of the difference touches Western Asia.
    assert max(all_[y] for y in range(2005, 2011)) - min(all_[y] for y in range(2005, 2011)) < 0.1 * all_[2010]
    assert fact("peak", "year=2015") == "2015" == fact("high", "year=2015")
    assert fact("hub", "year=2010") == "al-Qaeda"
    west = series(served, "region=western-asia")
    assert west[2015] - west[2010] > 0.75 * (all_[2015] - all_[2010])
    assert int(fact("kept", "year=2015&compare=2010&region=western-asia")) < int(
        fact("formed", "year=2015&compare=2010&region=western-asia")
    )
    assert ARTICLE["peak"] == "about 2010"


# ---- routes -----------------------------------------------------------------------------------------------------------


def test_a_story_is_answered_with_its_numbers(client, told, served):
    answer = client.get("/api/story/lull")
    assert answer.status_code == 200
    assert answer.json == as_json(bundled()["lull"], served)
    assert client.get("/api/story/lull.toml").data == (
        bundled()["lull"] and b"".join([client.get("/api/story/lull.toml").data])
    )
    assert read_story(client.get("/api/story/lull.toml").data, "lull.toml") == bundled()["lull"]
    for path in ("/api/story/none", "/api/story/none.toml"):
        assert client.get(path).status_code == 404
        assert "first-wave" in client.get(path).json["mend"]


def test_a_posted_story_is_read_and_refused_with_a_mend(client):
    answer = client.post("/api/story", data=GOOD)
    assert [one["title"] for one in answer.json["views"]] == ["1990", "Then"]
    refused = client.post("/api/story", data="title = 3")
    assert (refused.status_code, refused.json["mend"]) == (400, 'write title = "..."')
    assert client.post("/api/story", data=b"#" * 200_001).status_code == 413


def test_the_pages_of_the_stories(client):
    for path in ("/story/", "/story/lull", "/story/mine"):
        assert client.get(path).status_code == 200
    assert b"The lull after it, 1985 to 1993 - Stories - Alliance Atlas" in client.get("/story/lull").data
    for path in ("/story/none", "/story/lull/x", "/story/lull?dataset=synthetic-mgar-scale"):
        assert client.get(path).status_code == 404


def png(width=1280, height=720) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height)).save(out, "PNG")
    return out.getvalue()


def posted(told_story, n, **more):
    files = {f"picture{i}": (io.BytesIO(png()), f"{i}.png") for i in range(n)}
    return {"story": orjson.dumps(told_story).decode(), **files, **more}


def test_a_deck_is_made_of_posted_pictures(client):
    made = client.post("/api/story", data=GOOD).json
    made["views"][1]["text"] = "My {own} words"  # of the browser's own story: no word in braces means anything
    answer = client.post("/api/deck.pptx", data=posted(made, 2))
    assert answer.status_code == 200
    deck = Presentation(io.BytesIO(answer.data))
    assert [one.shapes.title.text_frame.text for one in deck.slides] == ["1990", "Then"]
    assert "My {own} words" in deck.slides[1].notes_slide.notes_text_frame.text
    assert deck.core_properties.title == "Two years"


@pytest.mark.parametrize(
    ("change", "n", "said"),
    [
        ({}, 1, "picture1 is missing"),
        ({"story": "{"}, 2, "is not JSON"),
        ({"story": "[]"}, 2, "is not an object"),
        ({"story": '{"title": "t", "dataset": "curated", "views": []}'}, 2, "view: there are 0"),
        ({"picture0": (io.BytesIO(png(100, 100)), "0.png")}, 2, "are not 16:9"),
    ],
)
def test_a_deck_that_cannot_be_made_is_refused_with_a_mend(client, change, n, said):
    made = client.post("/api/story", data=GOOD).json
    answer = client.post("/api/deck.pptx", data=posted(made, n) | change)
    assert (answer.status_code, said in answer.json["what"]) == (400, True), answer.json
    assert answer.json["mend"]


def test_a_deck_is_bounded(client, monkeypatch):
    made = client.post("/api/story", data=GOOD).json
    monkeypatch.setattr(slides, "MOST_DECK", 1000)
    assert client.post("/api/deck.pptx", data=posted(made, 2)).status_code == 413
    assert client.post("/api/brief.pptx", data=b"\x89PNG" + bytes(12_000_001)).status_code == 413


def test_files_are_made_one_at_a_time(client, monkeypatch):
    within = []

    def making(made, **more):
        within.append(client.post("/api/brief.pptx?year=2010", data=png()))
        return b"made"

    monkeypatch.setattr(slides, "deck", making)
    monkeypatch.setattr(slides, "WAIT_S", 0.01)
    assert client.post("/api/brief.pptx?year=2010", data=png()).data == b"made"
    assert (within[0].status_code, within[0].headers["Retry-After"]) == (503, "60")
    assert "another file is being made" in within[0].json["what"]


def test_a_slide_is_made_of_a_posted_picture(client):
    answer = client.post("/api/brief.pptx?year=2010&title=Mine", data=png())
    assert Presentation(io.BytesIO(answer.data)).slides[0].shapes.title.text_frame.text == "Mine"
    assert client.post("/api/brief.pptx?year=2010&shape=square", data=png()).status_code == 400
    sheet = client.get("/api/brief/slide?year=2010&title=Mine").json
    assert "Mine" not in [note["text"] for note in sheet["figure"]["layout"]["annotations"]]
    assert (sheet["width"], sheet["height"], sheet["facts"]["title"]) == (1280, 720, "Mine")

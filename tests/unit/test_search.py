"""The search over names and aliases, by what each rank is worth."""

from __future__ import annotations

import pytest

from data.search import fold, search
from tests import made


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("al-Qa'ida", "al qaida"), ("Al\u2011Qa\u02bfida", "al qaida"), ("  FARC\u2013EP ", "farc ep"), ("Sendero Luminoso", "sendero luminoso"),
        ("\u00c9tat", "etat"), ("\u0634\u0628\u0627\u0628", "\u0634\u0628\u0627\u0628"), ("line\nbreak", "line break"), ("...", ""),
    ],
)  # fmt: skip
def test_accents_case_and_punctuation_do_not_count(text, folded):
    assert fold(text) == folded


def test_the_best_match_comes_first_and_every_word_must_be_there(tmp_path):
    names = {
        "a": "Front", "b": "Front of the North", "c": "Northern Front", "d": "Confrontation North", "e": "North",
        "f": "Southern Army",
    }  # fmt: skip
    groups = [{"group_id": id_, "name": name} for id_, name in names.items()]
    groups[5]["aliases"] = "Front|The Front of Fronts"
    atlas = made.atlas(tmp_path / "names", groups, [made.tie("a", "b", 1990)])
    found = search(atlas, "front")
    assert [(one.id, one.alias) for one in found] == [("a", ""), ("f", "Front"), ("b", ""), ("c", ""), ("d", "")]
    assert [one.id for one in search(atlas, "north FRONT")] == ["b", "c", "d"]
    assert [one.id for one in search(atlas, "fronts")] == ["f"]
    assert search(atlas, "front\nof") == search(atlas, "front of")
    assert [one.id for one in search(atlas, "north", most=2)] == ["e", "c"]
    assert search(atlas, "'") == search(atlas, "zzz") == []

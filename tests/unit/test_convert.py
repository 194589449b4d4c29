"""Writing any dataset as a native folder."""

from __future__ import annotations

import pytest

from data.convert import convert, header_text
from data.errors import DataError
from data.readers import load
from tests import made
from tests.property.test_pairs_properties import same
from tests.unit.test_dyad_years import ROWS, text, ties
from tests.unit.test_mmp import folder


def test_the_bundled_dataset_is_written_as_it_is(curated, tmp_path):
    convert(curated, tmp_path / "out")
    same(curated, load(tmp_path / "out"))


def test_what_other_readers_read_can_be_written_and_read_again(tmp_path):
    (tmp_path / "pairs.csv").write_text(text(ROWS), encoding="utf-8")
    pairs = ("10,all,1,2,2001-00-00,Worked,,", "11,mer,3,2,2010-00-00,Joined,,", "12,riv,2,1,2005-00-00,Fought,,")
    for n, atlas in enumerate((load(tmp_path / "pairs.csv"), load(folder(tmp_path / "mmp", *pairs)))):
        convert(atlas, tmp_path / f"out{n}")
        again = load(tmp_path / f"out{n}")
        same(atlas, again)
        assert ties(again) == ties(atlas)


def test_own_vocabularies_and_nasty_texts_survive_in_the_header(tmp_path):
    more = r"""
[[ideology]]
id = "green"
label = "Gr\u00fcn \"\\\u007f\u0001\n"
colour = "#00FF00"
[[cooperation]]
id = "seeds"
tangible = true
[[relation]]
id = "friend"
cooperative = true
[[limit]]
title = "t"
text = "x"
about = "unallied"
"""
    rows = made.groups("a", "b", ideologies="green")
    ties_ = [made.tie("a", "b", 1990, relation="friend", cooperation="seeds")]
    atlas = made.atlas(tmp_path / "d", rows, ties_, more=more, status="synthetic")
    convert(atlas, tmp_path / "out")
    same(atlas, load(tmp_path / "out"))
    assert "\x7f" not in header_text(atlas.dataset)


def test_nothing_is_written_over(tiny_atlas, tiny_dir):
    before = sorted(p.name for p in tiny_dir.iterdir())
    with pytest.raises(DataError, match="there is something already"):
        convert(tiny_atlas, tiny_dir)
    with pytest.raises(DataError, match="there is something already"):
        convert(tiny_atlas, tiny_dir / "groups.csv")
    assert sorted(p.name for p in tiny_dir.iterdir()) == before
    with pytest.raises(DataError, match="cannot be written"):
        convert(tiny_atlas, tiny_dir / "groups.csv" / "below")

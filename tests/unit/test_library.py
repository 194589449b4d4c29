"""Datasets that are replaced while they are served: as a whole, when they are quiet, and never by bad ones."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import threading
import weakref
import zipfile
from pathlib import Path

import pytest

import app
from callbacks.settings import Settings
from data import library as library_module
from data.errors import DataError
from data.index import index
from data.library import Library
from data.readers import load, read, stamps_of
from tests import made
from tests.conftest import TINY


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def settle(library: Library) -> None:
    """As many rounds as a quiet change takes."""
    library.look()
    library.look()


@pytest.fixture
def library(tiny_dir: Path) -> Library:
    return Library([tiny_dir])


@pytest.fixture
def client(library):
    return app.create_app(library, Settings()).server.test_client()


def health(client) -> dict:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    return answer.json


def test_files_that_stay_the_same_are_not_read_again(library, monkeypatch):
    monkeypatch.setattr(library_module, "read", lambda path: pytest.fail("it reads"))
    before = library["tiny"]
    settle(library)
    assert library["tiny"] is before


def test_a_changed_file_is_picked_up_once_it_has_been_quiet_for_a_round(library, tiny_dir):
    before = library["tiny"]
    edit(tiny_dir / "dataset.toml", 'version = "1.0"', 'version = "1.1"')
    library.look()
    assert library["tiny"] is before
    edit(tiny_dir / "groups.csv", "Alpha Front", "Alpha Movement")  # still being written
    library.look()
    assert library["tiny"] is before
    library.look()
    after = library["tiny"]
    assert (after.dataset.version, after.groups["name"][0]) == ("1.1", "Alpha Movement")
    assert after.dataset.hash != before.dataset.hash
    assert before.groups["name"][0] == "Alpha Front"


def test_files_that_change_while_they_are_read_are_read_again(library, tiny_dir, monkeypatch):
    before = library["tiny"]

    def slow(path: Path):
        reading = read(path)
        edit(tiny_dir / "relationships.csv", "Shared camps", "Shared camps and more")
        monkeypatch.setattr(library_module, "read", read)
        return reading

    monkeypatch.setattr(library_module, "read", slow)
    edit(tiny_dir / "groups.csv", "Alpha Front", "Alpha Movement")
    settle(library)
    assert library["tiny"] is before
    settle(library)
    assert library["tiny"].groups["name"][0] == "Alpha Movement"
    assert library["tiny"].relationships["note"][0] == "Shared camps and more"


def swapped(tiny_dir: Path) -> None:
    """A whole folder put in place of another by renaming."""
    new = shutil.copytree(tiny_dir, tiny_dir.parent / "new")
    edit(new / "groups.csv", "Alpha Front", "Alpha Movement")
    tiny_dir.rename(tiny_dir.parent / "old")
    new.rename(tiny_dir)


def same_times(tiny_dir: Path) -> None:
    """A file of the same length that claims to be as old."""
    path = tiny_dir / "groups.csv"
    was = path.stat()
    edit(path, "Alpha Front", "Alpha Front"[::-1])
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def optional(tiny_dir: Path) -> None:
    """A file that need not be there goes."""
    (tiny_dir / "lineage.csv").unlink()


@pytest.mark.parametrize("change", [swapped, same_times, optional])
def test_every_way_of_replacing_is_noticed(library, tiny_dir, change):
    before = library["tiny"].dataset.hash
    change(tiny_dir)
    settle(library)
    assert library["tiny"].dataset.hash != before
    assert library["tiny"].dataset.hash == load(tiny_dir).dataset.hash


def test_a_link_may_lead_to_another_folder_and_keeps_its_name(tiny_dir):
    other = shutil.copytree(tiny_dir, tiny_dir.parent / "other")
    edit(other / "groups.csv", "Alpha Front", "Alpha Movement")
    link = tiny_dir.parent / "current"
    link.symlink_to(tiny_dir)
    library = Library([link])
    link.unlink()
    link.symlink_to(other)
    settle(library)
    assert library["current"].groups["name"][0] == "Alpha Movement"


def test_a_zip_and_a_table_with_its_mapping_are_replaced_too(tmp_path):
    def pack(version: str) -> None:
        with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
            for file in TINY.iterdir():
                archive.writestr(file.name, file.read_text(encoding="utf-8").replace('"1.0"', f'"{version}"'))

    pack("1.0")
    (tmp_path / "pairs.csv").write_text("group_a,group_b,year,kind\nA,B,1990,ally\n", encoding="utf-8")
    library = Library([tmp_path / "packed.zip", tmp_path / "pairs.csv"])
    pack("2.0")
    (tmp_path / "mapping.toml").write_text(
        '[dataset]\ntitle = "Mapped"\n[columns]\ngroup_a = "group_a"\ngroup_b = "group_b"\nyear = "year"\n',
        encoding="utf-8",
    )
    settle(library)
    assert library["packed"].dataset.version == "2.0"
    assert library["pairs"].dataset.title == "Mapped"


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def half(folder: Path) -> None:
    (folder / "relationships.csv").write_bytes(b"")


def nothing(folder: Path) -> None:
    header = (folder / "groups.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "groups.csv").write_text(header + "\n", encoding="utf-8")


def broken_off(folder: Path) -> None:
    path = folder / "groups.csv"
    path.write_bytes(path.read_bytes()[:300])


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (broken_off, "most of its rows cannot be used (14 of 18 are set aside)"),
        (gone, "there is nothing at this path"),
        (half, "is empty"),
        (nothing, "no group of it can be used"),
    ],
)
def test_bad_files_leave_the_last_good_ones_and_say_so(library, client, tiny_dir, caplog, spoil, what):
    caplog.set_level(logging.INFO, "atlas")
    before = library["tiny"]
    good = shutil.copytree(tiny_dir, tiny_dir.parent / "good")
    assert health(client)["status"] == "ok"
    spoil(tiny_dir)
    settle(library)
    settle(library)
    assert library["tiny"] is before
    assert client.get("/api/view?year=1992").json["key_figures"]["alliances"] == 7
    told = health(client)
    assert told["status"] == "stale"
    problem = told["datasets"]["tiny"]["problem"]
    assert problem["what"] == what
    assert problem["since"] <= library.faults["tiny"].since.isoformat()
    assert str(tiny_dir.parent) not in str(told)
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    assert f"tiny: the last good data stay: {library.faults['tiny'].error}" in caplog.text

    shutil.rmtree(tiny_dir, ignore_errors=True)
    shutil.copytree(good, tiny_dir)
    edit(tiny_dir / "groups.csv", "Alpha Front", "Alpha Movement")
    settle(library)
    settle(library)
    told = health(client)
    assert (told["status"], "problem" in told["datasets"]["tiny"]) == ("ok", False)
    assert library["tiny"].groups["name"][0] == "Alpha Movement"


def test_files_that_are_put_back_as_they_were_are_good_again(library, tiny_dir):
    before = library["tiny"]
    tiny_dir.rename(tiny_dir.parent / "away")
    settle(library)
    assert "tiny" in library.faults
    (tiny_dir.parent / "away").rename(tiny_dir)
    settle(library)
    assert library.faults == {}
    assert library["tiny"] is before


@pytest.mark.parametrize("strict", [True, False])
def test_strict_refuses_a_replacement_of_which_anything_is_set_aside(tiny_dir, strict):
    library = Library([tiny_dir], strict=strict)
    edit(tiny_dir / "relationships.csv", ",alpha,echo,", ",alpha,nobody,")
    settle(library)
    assert ("tiny" in library.faults) == strict
    assert len(library["tiny"].relationships) == (12 if strict else 11)


def test_other_datasets_do_not_suffer(tiny_dir, tmp_path, monkeypatch):
    other = made.dataset(tmp_path / "other", made.groups("a", "b"), [made.tie("a", "b", 1990)])
    library = Library([other, tiny_dir])

    def broken(path: Path):
        if path == other:
            raise RuntimeError("a fault of the program")
        return read(path)

    monkeypatch.setattr(library_module, "read", broken)
    edit(other / "groups.csv", "Beirut", "Bayrut")
    edit(tiny_dir / "groups.csv", "Alpha Front", "Alpha Movement")
    settle(library)
    assert library["tiny"].groups["name"][0] == "Alpha Movement"
    assert list(library) == ["other", "tiny"]


def test_two_datasets_of_one_name_are_refused(tiny_dir, tmp_path):
    with pytest.raises(DataError, match="two datasets are named 'tiny'"):
        Library([tiny_dir, made.dataset(tmp_path / "x" / "tiny", [], [])])


def test_a_replaced_dataset_leaves_the_memory(library, tiny_dir):
    index(library["tiny"])
    old = weakref.ref(library["tiny"])
    edit(tiny_dir / "groups.csv", "Alpha Front", "Alpha Movement")
    settle(library)
    gc.collect()
    assert old() is None


def test_a_request_sees_one_dataset_to_its_end(library, client, tiny_dir, monkeypatch):
    """The dataset is replaced between the reading of the query and the making of the answer."""
    from callbacks import api

    parse = api.parse

    def replaced_meanwhile(query, served):
        out = parse(query, served)
        edit(tiny_dir / "dataset.toml", 'version = "1.0"', 'version = "2.0"')
        settle(library)
        assert library["tiny"].dataset.version == "2.0"
        return out

    monkeypatch.setattr(api, "parse", replaced_meanwhile)
    before = library["tiny"].dataset
    first = client.get("/api/view")
    assert (first.json["dataset"]["version"], first.headers["X-Atlas-Data"]) == ("1.0", before.hash)
    monkeypatch.undo()
    second = client.get("/api/view?data=1.0")
    assert second.json["dataset"]["version"] == "2.0"
    assert second.headers["X-Atlas-Data"] == library["tiny"].dataset.hash != before.hash
    assert "made on version '1.0'" in second.json["notices"][0]


@pytest.mark.parametrize(
    "path",
    [
        "/api/payload", "/api/layout", "/api/card?card=alpha", "/api/measures/degree.json", "/api/brief",
        "/api/brief/slide",
    ],
)  # fmt: skip
def test_caches_and_tags_follow_the_data(library, client, tiny_dir, path):
    first = client.get(path)
    edit(tiny_dir / "groups.csv", "alpha,Alpha Front,AF|Front A,1985", "alpha,Alpha Movement,AF|Front A,1984")
    edit(tiny_dir / "relationships.csv", "alpha--delta--1990,alpha,delta", "alpha--delta--1990,alpha,hotel")
    settle(library)
    again = client.get(path, headers={"If-None-Match": first.headers.get("ETag", "")})
    assert again.headers["X-Atlas-Data"] != first.headers["X-Atlas-Data"]
    if path != "/api/layout":
        assert (again.status_code, again.data != first.data) == (200, True)


def test_the_files_looked_at_are_those_read_and_those_looked_for(tiny_dir):
    (tiny_dir / "lineage.csv").unlink()
    (tiny_dir / "notes.txt").write_text("x", encoding="utf-8")
    stamps = read(tiny_dir).stamps
    assert {path.name for path in stamps} == {
        "dataset.toml", "groups.csv", "relationships.csv", "sources.csv", "lineage.csv"
    }  # fmt: skip
    assert stamps[tiny_dir / "lineage.csv"] is None
    assert stamps_of(stamps) == stamps


def test_a_look_costs_little(library):
    library.look()
    from timeit import timeit

    assert timeit(library.look, number=200) / 200 < 0.002


def test_the_thread_looks_and_a_forked_process_has_one_of_its_own(tiny_dir, monkeypatch):
    monkeypatch.setattr(library_module, "ROUND_S", 0.02)
    looked = threading.Event()
    registered = []
    monkeypatch.setattr(os, "register_at_fork", lambda after_in_child: registered.append(after_in_child))
    library = Library([tiny_dir])
    monkeypatch.setattr(library, "look", looked.set)
    library.watch()
    library.watch()
    assert looked.wait(10)
    assert len(registered) == 1
    mine = [t for t in threading.enumerate() if t.name == "atlas-library"]
    looked.clear()
    monkeypatch.setattr(os, "getpid", lambda: -1)  # as in the child
    registered[0]()
    assert looked.wait(10)
    assert len([t for t in threading.enumerate() if t.name == "atlas-library"]) == len(mine) + 1
    library.stop()

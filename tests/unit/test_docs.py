"""What the documents say is held against the code; run with ATLAS_WRITE_DOCS=1 to write the tables anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import app
from callbacks import settings
from callbacks.pages import PAGES, SCRIPTS, STYLES
from components import ids
from data.grammar import PARAMETERS

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
START, END = (
    "<!-- parameters: generated from data/grammar.py by tests/unit/test_docs.py -->",
    "<!-- end of parameters -->",
)


def parameter_table() -> str:
    """Markdown of the grammar of the URL."""
    rows = [f"| {p.key} | {p.values} | {p.default} | {p.passes} |" for p in PARAMETERS]
    return "\n".join(["| parameter | values | default | a relationship passes when |", "|---|---|---|---|", *rows])


def test_the_readme_has_the_parameters_of_the_grammar():
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(START)
    _, after = rest.split(END)
    wanted = f"{before}{START}\n\n{parameter_table()}\n\n{END}{after}"
    if os.environ.get("ATLAS_WRITE_DOCS"):
        README.write_text(wanted, encoding="utf-8")
    assert text == wanted, "mend: ATLAS_WRITE_DOCS=1 python -m pytest tests/unit/test_docs.py, then commit README.md"


def test_the_readme_names_every_route_command_and_variable(curated):
    text = README.read_text(encoding="utf-8")
    server = app.create_app({"curated": curated}, settings.Settings()).server
    own = {rule.rule for rule in server.url_map.iter_rules() if re.match(r"/(api|embed|healthz)", rule.rule)}
    for named in [*own, *(page.path for page in PAGES), settings.DATA, settings.EMBED_HOSTS, settings.CORRECTIONS]:
        assert f"`{named}" in text, named
    commands = next(a for a in app.parser()._actions if a.choices)
    for name, sub in commands.choices.items():
        assert f"python app.py {name}" in text
        # A flag of the grammar is documented by the parameter's own row.
        own_flags = [action for action in sub._actions if not action.dest.startswith("view_")]
        for option in (o for action in own_flags for o in action.option_strings if o.startswith("--")):
            assert option == "--help" or option in text, option


def test_every_script_and_style_is_listed_once_in_the_document():
    assert sorted(f"{name}.js" for name in {*SCRIPTS, *(n for page in PAGES for n in page.scripts)}) == sorted(
        p.name for p in (ROOT / "assets/js").glob("*.js")
    )
    assert sorted(f"{name}.css" for name in STYLES) == sorted(p.name for p in (ROOT / "assets/css").glob("*.css"))


def test_ids_of_the_scripts_are_ids_of_the_page():
    known = {value for name, value in vars(ids).items() if name.isupper()}
    made = {"atlas-option-", "atlas-tooltip"}  # made by the scripts themselves
    used = set()
    for path in (ROOT / "assets/js").glob("*.js"):
        used |= set(re.findall(r"['\"`#](atlas-[a-z-]+)", path.read_text(encoding="utf-8")))
    assert used - made - {"atlas-theme", "atlas-story"} <= known


@pytest.mark.parametrize(
    ("layer", "may_not"),
    [
        ("data", r"^\s*(from|import) (dash|plotly|flask|components|callbacks|app)\b"),
        ("components", r"^\s*(from|import) (flask|callbacks|app)\b"),
        ("callbacks", r"^\s*(from|import) app\b"),
    ],
)
def test_imports_point_one_way(layer, may_not):
    for path in (ROOT / layer).rglob("*.py"):
        found = re.findall(f"{may_not}.*", path.read_text(encoding="utf-8"), flags=re.M)
        assert not found, f"{path}: {found}"


def test_no_script_stands_in_python_and_no_colour_outside_the_tokens():
    for layer in ("components", "callbacks"):
        for path in (ROOT / layer).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"#[0-9a-fA-F]{6}\b", text), path
            assert "function(" not in text, path
    for path in [*(ROOT / "assets/js").glob("*.js"), *(ROOT / "assets/css").glob("*.css")]:
        if path.name != "tokens.css":
            assert not re.search(r"(?<!&)#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8")), path

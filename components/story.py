"""The pages of the stories: their list, and one that is played."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components import ids
from components.shell import button, frame, icon_theme
from data.index import Index
from data.selection import Selection
from data.stories import bundled
from data.words import count

PATH = "/story/"
MINE = "mine"
"""Name of the browser's own story."""
OWN = "Your own story"


def exists(slug: str, name: str) -> bool:
    """Whether there is a page below ``PATH`` for a dataset: a story's page is one of its own dataset."""
    return name in ("", MINE) or (name in bundled() and bundled()[name].dataset == slug)


def title_of(name: str) -> str:
    """Title of a story's page; empty of the list."""
    return OWN if name == MINE else bundled()[name].title if name else ""


def _item(name: str, title: str, note: str, **attributes: str) -> Component:
    return html.Li(
        html.A(
            [html.Span(title, className="story-name"), html.Span(note, className="story-note", **attributes)],
            href=f"{PATH}{name}",
            **{"data-action": "page"},
        )
    )


def _list(slug: str) -> list[Component]:
    known = {name: story for name, story in bundled().items() if story.dataset == slug}
    found = [_item(name, story.title, count(len(story.views), "view", "views")) for name, story in known.items()]
    return [
        html.H1("Stories"),
        html.P(
            "Views in order, each with a sentence, to be read here, played to a room or taken away as slides. Their"
            " numbers are worked out from the data."
        ),
        html.Ul(found, className="story-list") if found else html.P("There is none of this dataset yet."),
        html.H2(OWN),
        html.P(
            "Add views from a briefing; they are kept in this browser alone. Play, order and edit them there, save"
            " them as a file and open such a file again."
        ),
        html.Ul(_item(MINE, OWN, "", **{"data-story": "count"}), className="story-list"),
    ]


def _player() -> list[Component]:
    """Bar of the player: back, play, forth, which view, and what can be taken away."""
    steps = html.Div(
        [
            button("story-back", "View before", icon_name="step-back"),
            button("story-play", "Play the story", icon_name="play"),
            button("story-forward", "Next view", icon_name="step-forward"),
            html.Span(id=ids.STORY_AT, className="story-at"),
            button("story-full", "Full screen", icon_name="full"),
        ],
        className="story-steps",
    )
    files = html.Div(
        [
            html.A(
                html.Span("Explore this view", className="button-text"),
                href="/",
                id=ids.STORY_OPEN,
                className="action action-quiet",
            ),
            button("story-deck", "Slides for PowerPoint, one for each view", icon_name="download", text="PPTX"),
            button("story-save", "The story as a file that can be opened again", icon_name="download", text="TOML"),
        ],
        className="story-files",
        role="group",
        **{"aria-label": "Take it away"},
    )
    return [steps, html.Div(id=ids.STORY_SLIDER, className="story-slider"), files]


def story_page(index: Index, selection: Selection, name: str) -> Component:
    """Return the list of the stories, or the page of one; the scripts draw its views."""
    notices = html.Div(id=ids.NOTICES, className="notices", hidden=True)
    if not name:
        inside = html.Main([notices, *_list(selection.dataset)], id="main", className="prose")
    else:
        inside = html.Main(
            [
                notices,
                html.H1(title_of(name), className="story-title", id=ids.STORY_TITLE),
                html.Div(_player(), className="story-bar"),
                html.Div(
                    [
                        html.H2(className="story-heading", id=ids.STORY_HEADING),
                        html.P(className="story-text", id=ids.STORY_TEXT),
                    ],
                    className="story-words",
                    **{"aria-live": "polite"},
                ),
                html.Div(id=ids.STORY, className="story-sheet", **{"aria-busy": "true", "data-story": name}),
                html.P(id=ids.STORY_SAID, className="story-said", role="status"),
                html.P(id=ids.STORY_SOURCE, className="story-source"),
                *([html.Section(id=ids.STORY_EDITOR, className="story-editor")] if name == MINE else []),
            ],
            id="main",
            className="story-main",
        )
    return frame(index.atlas, PATH, [inside], actions=[icon_theme()], name="story")

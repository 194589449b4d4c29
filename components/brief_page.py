"""The page of the briefing: the sheet, what can be set on it, and what it can be taken away as."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components import ids
from components.brief import SHAPES
from components.explorer import pressed_choice
from components.shell import button, frame, icon, icon_theme
from data.grammar import MOST_CAVEAT, MOST_NOTE, MOST_TITLE
from data.index import Index
from data.selection import Selection

THEMES = (("light", "Light"), ("dark", "Dark"))
WORDS = (
    ("title", "Title", MOST_TITLE, "Made from the view"),
    ("note", "Note", MOST_NOTE, "One line below the title"),
    ("caveat", "Handling caveat", MOST_CAVEAT, "FOR OFFICIAL USE ONLY, say"),
)
FILES = (
    ("png-1", "PNG", "PNG at the sheet's own size"),
    ("png-2", "PNG 2x", "PNG of twice that size, for slides"),
    ("png-3", "PNG 4K", "PNG of three times that size, 3840 x 2160 where it is 16:9"),
    ("svg", "SVG", "SVG with real text"),
    ("pdf", "PDF", "PDF of one page, all vectors"),
    ("pptx", "PPTX", "Slide for PowerPoint, with an editable title and the figures as a table"),
    ("csv", "CSV", "The numbers that are drawn"),
)


def _field(key: str, label: str, most: int, hint: str, selection: Selection) -> Component:
    return html.Label(
        [
            html.Span(label, className="brief-label"),
            html.Textarea(
                getattr(selection, key) or "",
                className="brief-words",
                rows=1,
                maxLength=most,
                placeholder=hint,
                **{"data-words": key},
            ),
        ],
        className="brief-field",
    )


def brief_page(index: Index, selection: Selection) -> Component:
    """Return the page for a selection; the scripts draw the sheet."""
    shapes = tuple((key, label) for key, (label, _, _) in SHAPES.items())
    looks = html.Div(
        [
            pressed_choice("shape", shapes, "Shape of the sheet", id=ids.BRIEF_SHAPE),
            pressed_choice("sheet", THEMES, "Look of the sheet", id=ids.BRIEF_THEME),
        ],
        className="brief-looks",
    )
    files = html.Div(
        [
            *(button(f"file-{key}", said, text=label) for key, label, said in FILES),
            button("file-copy", "Copy the picture", text="Copy"),
            button("add-to-story", "Add this view to your own story, kept in this browser", text="Add to story"),
            html.Span(id=ids.BRIEF_SAID, className="brief-said", role="status"),
        ],
        className="brief-files",
        role="group",
        **{"aria-label": "Take it away as"},
    )
    sheet = html.Div(id=ids.BRIEF, className="brief-sheet", **{"aria-busy": "true"})
    main = html.Main(
        [
            html.H1("Briefing", className="brief-heading"),
            html.Div(id=ids.NOTICES, className="notices", hidden=True),
            html.Div([looks, files], className="brief-bar"),
            html.Div(sheet, className="brief-stand"),
            html.Div([_field(*words, selection) for words in WORDS], className="brief-fields"),
        ],
        id="main",
        className="brief-main",
    )
    actions = [
        html.A(
            [icon("step-back"), html.Span("Back to the explorer", className="button-text")],
            href="/",
            className="action action-quiet",
            **{"data-action": "open"},
        ),
        icon_theme(),
    ]
    return frame(index.atlas, "/brief", [main], actions=actions, name="brief")

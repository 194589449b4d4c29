"""Dash's html components as plain HTML: for the embed, which is without Dash, and for what no callback changes."""

from __future__ import annotations

from html import escape

from dash import html
from dash.development.base_component import Component

_NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex"}
_VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})
_STILL = "data-markup"


def _attributes(component: Component) -> str:
    parts = []
    for name, value in component.to_plotly_json()["props"].items():
        if name in ("children", _STILL) or value is None or value is False:
            continue
        if name == "style":
            value = ";".join(f"{key}:{text}" for key, text in value.items())
        name = _NAMES.get(name, name)
        parts.append(f" {name}" if value is True else f' {name}="{escape(str(value))}"')
    return "".join(parts)


def markup(node: object) -> str:
    """HTML text of a tree of ``dash.html`` components; text and attributes are escaped.

    Raises
    ------
    TypeError
        On a component that is not of ``dash.html``: it needs Dash's scripts.
    """
    if node is None:
        return ""
    if isinstance(node, list | tuple):
        return "".join(markup(child) for child in node)
    if not isinstance(node, Component):
        return escape(str(node))
    if node._namespace != html.Div()._namespace:
        raise TypeError(f"{type(node).__name__} cannot be plain HTML; mend: use components of dash.html")
    tag = type(node).__name__.lower()
    opening = f"<{tag}{_attributes(node)}>"
    if tag in _VOID:
        return opening
    inner = node.to_plotly_json()["props"].get(_STILL)
    return f"{opening}{markup(getattr(node, 'children', None)) if inner is None else inner}</{tag}>"


def still(node: Component) -> Component:
    """Return a ``dash.html`` component with all that it holds as HTML in one attribute, which the scripts put in.

    For what no callback touches: Dash goes through every component of a page at each change, and to put one in takes
    it about a millisecond. Raises as ``markup`` does.
    """
    props = dict(node.to_plotly_json()["props"])
    return type(node)(**props | {_STILL: markup(props.pop("children", None))})

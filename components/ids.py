"""Every id and data attribute that Python, the scripts and the styles share; tests hold them together."""

from __future__ import annotations

from typing import Any


def control(key: Any) -> dict[str, Any]:
    """Id of the control of one parameter; the scripts know controls by it."""
    return {"type": "control", "key": key}


PAGE = "page"
PATH = "path"
MOUNTED = "mounted"
CARD = "atlas-card"

BOOT = "atlas-boot"
WORDS = "atlas-words"
CHIPS = "atlas-chips"
NOTICES = "atlas-notices"
STAGE = "atlas-stage"
MAP = "atlas-map"
VIEW = "atlas-view"
CHANGE = "atlas-change-"
CAPTION_BEFORE = "atlas-caption-before"
CAPTION_AFTER = "atlas-caption-after"
NETWORK = "atlas-network"
BEFORE = "atlas-before"
AFTER = "atlas-after"
EMPTY = "atlas-empty"
STACK = "atlas-stack"
LEGEND = "atlas-legend"
YEAR = "atlas-year"
SPEED = "atlas-speed"
CAPTION = "atlas-caption"
CHART = "atlas-chart"
SLIDER = "atlas-slider"
OVERVIEW = "atlas-overview"
SIDE_CHART = "atlas-side-chart"
FIGURES = "atlas-figures"
GROUPS = "atlas-groups"
UNLOCATED = "atlas-unlocated"
SEARCH = "atlas-search"
SEARCH_LIST = "atlas-search-list"
RAIL = "atlas-rail"
DIALOG = "atlas-dialog"
TABLES = "atlas-tables"
GRID = "atlas-grid-"
DATA_NOTICES = "atlas-data-notices"
FINDINGS = "atlas-findings"
SURVIVAL = "atlas-survival"
CITE = "atlas-cite"
METHOD = "atlas-method"
GROUP_RECORD = "atlas-group-record"
GROUP_MAP = "atlas-group-map"
GROUP_LEGEND = "atlas-group-legend"
LIVE = "atlas-live"

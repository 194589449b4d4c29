"""What readers of other formats make up for what their files do not say, each in one place."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from data.contract import Table

OWN_SOURCE = "dataset"
"""Id of the source that rows cite where the file names none: the dataset itself."""


def slug_of(name: str) -> str:
    """Id for a name: "Óglaigh na hÉireann 1" is oglaigh-na-heireann-1; of a name without Latin letters, a hash."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
    return slug or f"group-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def group_ids(names: Mapping[Hashable, str]) -> dict[Any, str]:
    """Id of each group by its key, from its name; of several with one slug all but the first bear their key too."""
    taken: set[str] = set()
    out = {}
    for key, name in names.items():
        id_ = slug_of(name)
        if id_ in taken:
            id_ = f"{id_}-{slug_of(str(key))}"
        while id_ in taken:
            id_ += "-2"
        taken.add(id_)
        out[key] = id_
    return out


def contract_frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Frame of the contract's columns, empty where a row says nothing, with ``file``, ``line`` and ``rows``.

    Parameters
    ----------
    rows
        Cells as text; ``file``, ``line`` (the row's place) and ``rows`` (of how many rows of the file
        it is made) may be left out of rows that no file has.
    columns
        The contract's columns of the table.
    """
    own: dict[str, Any] = {"file": "", "line": 0, "rows": 0}
    cells = {name: [row.get(name, "") for row in rows] for name in columns}
    frame = pd.DataFrame(cells, columns=list(columns), dtype=object)
    return frame.assign(**{name: [row.get(name, default) for row in rows] for name, default in own.items()})


def made_up(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
    """Table whose rows stand in no file."""
    return Table("", contract_frame(rows, columns), columns={})

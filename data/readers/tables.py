"""Which table file is read how: text, Stata, Excel, Parquet and GeoPackage, all to a ``Sheet``.

The libraries are imported where they are used: most datasets need none of them.
"""

from __future__ import annotations

import io
import math
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from data.errors import DataError, quote
from data.model import Problem, Severity
from data.readers.sheets import Sheet, read_text_table, sheet
from data.readers.store import BROKEN, check_archive

if TYPE_CHECKING:
    import pandas as pd

MOST_CELLS = 20_000_000
"""Cells of one table that are read: MGAR's has less than half a million."""


def text_of(value: Any) -> str:
    """Cell as text: whole numbers without a point, dates as 1995-03-01, truth as 1 and 0, missing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return "" if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return "" if value != value else value.isoformat()[:10]
    return str(value)


def _wide(n_rows: int, n_columns: int, where: str) -> None:
    if n_rows * n_columns > MOST_CELLS:
        raise DataError(
            what=f"has {n_rows:,} rows of {n_columns:,} columns, {MOST_CELLS:,} cells are the most",
            where=where,
            mend="leave out rows or columns that are not needed",
        )


def _from_frame(frame: pd.DataFrame, file: str, where: str, notes: Sequence[str] = ()) -> Sheet:
    _wide(len(frame), frame.shape[1], where)
    columns = [[text_of(v) for v in frame.iloc[:, i].astype(object).tolist()] for i in range(frame.shape[1])]
    rows = list(zip(*columns, strict=True))
    return sheet(file, [str(name) for name in frame.columns], rows, range(2, len(rows) + 2), (), notes)


def _broken(why: Exception, where: str, kind: str) -> DataError:
    return DataError(
        what=f"cannot be read as {kind} ({quote(why, 200)[1:-1]})",
        where=where,
        mend="save it anew, or give it as CSV",
    )


def read_stata(data: bytes, file: str, where: str, layer: str) -> Sheet:
    """Read a Stata file of any version; cells with a value label are its text."""
    import pandas as pd

    def frame(labelled: bool) -> pd.DataFrame:
        return pd.read_stata(io.BytesIO(data), convert_categoricals=labelled, order_categoricals=False)

    try:
        try:
            return _from_frame(frame(True), file, where)
        except ValueError as why:
            if "categor" not in str(why) and "label" not in str(why):
                raise
            note = "Several codes have one value label, so the codes were read instead of the labels."
            return _from_frame(frame(False), file, where, (note,))
    except DataError:
        raise
    except Exception as why:  # pandas raises whatever struct, zlib or its own parser do on a broken file
        raise _broken(why, where, "Stata") from why


def read_excel(data: bytes, file: str, where: str, layer: str) -> Sheet:
    """Read one sheet of an Excel file, the first where none is named; formulas give the value saved with them."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive.infolist(), where)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        names = book.sheetnames
        if layer and layer not in names:
            raise DataError(
                what=f"has no sheet {quote(layer)}", where=where, mend="name one of " + ", ".join(map(quote, names))
            )
        found: list[list[str]] = []
        cells = 0
        for row in book[layer or names[0]].iter_rows(values_only=True):
            found.append([text_of(v) for v in row])
            cells += len(row)
            if cells > MOST_CELLS:  # one cell far down and far right makes a sheet of thousands of millions
                _wide(len(found), len(row), where)
        book.close()
    except DataError:
        raise
    except (*BROKEN, KeyError, AttributeError, TypeError, IndexError, SyntaxError) as why:
        raise _broken(why, where, "Excel") from why
    return _from_cells(found, file, where, _others("sheets", names, layer or names[0]))


def _others(called: str, names: Sequence[str], read: str) -> list[str]:
    """Note that names the sheets or layers that were not read."""
    others = [quote(name) for name in names if name != read]
    return [f"Of its {called} {quote(read)} was read, not {', '.join(others)}."] if others else []


def _from_cells(found: Sequence[list[str]], file: str, where: str, notes: Sequence[str]) -> Sheet:
    """Sheet of rows of any width, of which the first with any text is the header; empty rows are passed over."""
    top = next((i for i, row in enumerate(found) if any(cell.strip() for cell in row)), None)
    if top is None:
        raise DataError(what="is empty", where=where, mend="the first row must name the columns")
    width = max(i for i, cell in enumerate(found[top], 1) if cell.strip())
    _wide(len(found), width, where)
    rows, lines, problems = [], [], []
    for number, row in enumerate(found[top + 1 :], top + 2):
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[width:]):
            text = ",".join(row)
            problems.append(
                Problem(
                    file, number, "", text, "ragged", f"has a value beyond the {width} columns of the header",
                    "name every column in the header", Severity.ERROR_ROW,
                )
            )  # fmt: skip
        else:
            rows.append([*row[:width], *[""] * (width - len(row))])
            lines.append(number)
    return sheet(file, found[top][:width], rows, lines, problems, notes)


def read_parquet(data: bytes, file: str, where: str, layer: str) -> Sheet:
    """Read a Parquet file with DuckDB, which has to be installed for it."""
    try:
        import duckdb
    except ImportError as why:
        raise DataError(
            what="Parquet files need DuckDB, which is not installed", where=where, mend="pip install duckdb"
        ) from why
    # DuckDB takes a pattern for a path: a file of our own with a plain name is read as nothing but itself.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        path.write_bytes(data)
        try:
            with duckdb.connect(config={"threads": 1}) as connection:
                answer = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
                names = [column[0] for column in answer.description]
                rows = [[text_of(v) for v in row] for row in answer.fetchall()]
        except duckdb.Error as why:
            raise _broken(why, where, "Parquet") from why
    _wide(len(rows), len(names), where)
    return sheet(file, names, rows, range(2, len(rows) + 2))


def _line_ends(shapes: Iterable[Any]) -> list[list[str]]:
    """Cells lon_a, lat_a, lon_b, lat_b: the first and last point of each line, empty for what is no line."""
    import shapely

    cells = []
    for shape in shapes:
        whole = shape is not None and not shape.is_empty and "LineString" in shape.geom_type
        points = shapely.get_coordinates(shape)[[0, -1]].ravel() if whole else []
        cells.append([text_of(round(float(v), 6)) for v in points] or [""] * 4)
    return cells


def read_geopackage(data: bytes, file: str, where: str, layer: str) -> Sheet:
    """Read one layer of a GeoPackage, the first where none is named; the ends of its lines are the bases."""
    import pyogrio

    # GDAL looks at the name too, and warns of bytes that have none.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.gpkg"
        path.write_bytes(data)
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
            if not layers:
                raise DataError(what="has no layer", where=where, mend="save it anew")
            if layer and layer not in layers:
                listed = ", ".join(map(quote, layers))
                raise DataError(what=f"has no layer {quote(layer)}", where=where, mend=f"name one of {listed}")
            frame = pyogrio.read_dataframe(path, layer=layer or layers[0])
        except DataError:
            raise
        except Exception as why:  # GDAL's own errors, and pandas' on odd values
            raise _broken(why, where, "GeoPackage") from why
    if "geometry" in frame:
        shapes = frame.geometry.to_crs("EPSG:4326") if frame.crs is not None else frame.geometry
        ends = _line_ends(shapes)
        frame = frame.drop(columns="geometry")
        for i, name in enumerate(("lon_a", "lat_a", "lon_b", "lat_b")):
            if name not in frame:
                frame[name] = [row[i] for row in ends]
    return _from_frame(frame, file, where, _others("layers", layers, layer or layers[0]))


def _text(data: bytes, file: str, where: str, layer: str) -> Sheet:
    return read_text_table(data, file, where)


ENDINGS: dict[str, Callable[[bytes, str, str, str], Sheet]] = {
    ".csv": _text,
    ".tab": _text,
    ".tsv": _text,
    ".dta": read_stata,
    ".xlsx": read_excel,
    ".parquet": read_parquet,
    ".gpkg": read_geopackage,
}
"""Endings of table files, and what reads them: (bytes, name, place, sheet or layer) to a ``Sheet``."""


def ending(file: str) -> str:
    """Ending of a file's name in small letters, with its point."""
    return PurePath(file).suffix.lower()


def read_sheet(data: bytes, file: str, where: str, layer: str = "") -> Sheet:
    """Read a table file by its ending.

    Parameters
    ----------
    data
        The whole file.
    file, where
        Its name for the report, and its whole place for errors.
    layer
        Sheet of an Excel file or layer of a GeoPackage; the first where it is empty.

    Raises
    ------
    DataError
        When its ending is not known, or it cannot be read.
    """
    reads = ENDINGS.get(ending(file))
    if reads is None:
        raise DataError(what="is no table that can be read", where=where, mend="give one of " + ", ".join(ENDINGS))
    return reads(data, file, where, layer)

"""Distances and lines on the globe, and their way into files."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from data.geography import (
    TOLERANCE_KM,
    countries,
    far_from_country,
    great_circle_line,
    label,
    reach_km,
    relationship_lines,
)
from tests import made

GEOD = Geod(ellps="WGS84")

BEIRUT, DAMASCUS, BOGOTA = (35.5, 33.89), (36.29, 33.51), (-74.07, 4.71)
SUVA, APIA, TOKYO, LOS_ANGELES = (178.44, -18.14), (-171.77, -13.83), (139.69, 35.68), (-118.24, 34.05)
MURMANSK, NOME = (33.08, 68.97), (-165.4, 64.5)
PAIRS = [
    (BEIRUT, DAMASCUS),
    (BEIRUT, BOGOTA),
    (SUVA, APIA),
    (APIA, SUVA),
    (TOKYO, LOS_ANGELES),
    (LOS_ANGELES, TOKYO),
    (MURMANSK, NOME),
    ((0.0, 0.0), (179.5, 0.5)),
    ((-179.9, 10.0), (179.9, -10.0)),
]


def parts(line) -> list[np.ndarray]:
    """Points of each part of a line."""
    return [shapely.get_coordinates(part) for part in getattr(line, "geoms", [line])]


def drawable(line) -> bool:
    """Whether a flat map can draw it: within its edges, and no part from one edge to the other."""
    return all(
        (np.abs(points[:, 0]) <= 180).all() and (np.abs(np.diff(points[:, 0])) <= 180).all() for points in parts(line)
    )


@pytest.mark.parametrize(
    ("a", "b"), [*PAIRS, (BEIRUT, BEIRUT), ((0.0, 90.0), (0.0, -90.0)), ((180.0, 5.0), (-180.0, 5.0))]
)
def test_reach_is_the_geodesic_distance_on_wgs84(a, b):
    assert reach_km(*a, *b) == pytest.approx(GEOD.inv(*a, *b)[2] / 1000, abs=1e-9)


def test_reach_of_known_distances():
    # one degree of the equator; from pole to pole; nothing
    found = reach_km([0, 0, 35.5], [0, 90, 33.89], [1, 0, 35.5], [0, -90, 33.89])
    np.testing.assert_allclose(found, [111.3195, 20003.9315, 0], atol=1e-3)


@pytest.mark.parametrize("missing", range(4))
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_reach_is_unknown_where_a_coordinate_is(missing, value):
    first, second = [*BEIRUT, *BOGOTA], [*BEIRUT, *BOGOTA]
    first[missing] = value
    found = reach_km(*np.transpose([first, second]))
    assert np.isnan(found).tolist() == [True, False]


def test_the_reach_of_a_relationship_is_that_of_its_bases(tiny_atlas):
    frame = tiny_atlas.relationships.set_index("relationship_id")["reach_km"]
    assert frame["alpha--bravo--1990"] == 0
    assert frame["alpha--charlie--1992"] == pytest.approx(GEOD.inv(*BEIRUT, *DAMASCUS)[2] / 1000)
    assert frame["foxtrot--golf--1985"] == pytest.approx(GEOD.inv(*SUVA, *APIA)[2] / 1000)
    assert frame["foxtrot--golf--1985"] < 1200
    assert np.isnan(frame["alpha--echo--1990"])


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_line_runs_from_base_to_base_along_the_geodesic(a, b):
    line = great_circle_line(*a, *b)
    assert drawable(line)
    points = np.concatenate(parts(line))
    assert tuple(points[0]) == a
    assert tuple(points[-1]) == b
    whole = GEOD.inv(*a, *b)[2]
    to_a = reach_km(*points.T, *np.broadcast_to(a, points.shape).T) * 1000
    to_b = reach_km(*points.T, *np.broadcast_to(b, points.shape).T) * 1000
    np.testing.assert_allclose(to_a + to_b, whole, atol=1e-3)
    assert (np.diff(to_a) >= -1e-3).all()
    azimuth = GEOD.inv(*a, *b)[0]
    lon, lat, _ = GEOD.fwd(*(np.full(len(points), v) for v in (*a, azimuth)), to_a)
    np.testing.assert_allclose(reach_km(lon, lat, *points.T), 0, atol=1e-3)  # no point is a metre off


@pytest.mark.parametrize("step", [25.0, 100.0, 1000.0])
def test_the_points_of_a_line_are_no_further_apart_than_the_step(step):
    points = shapely.get_coordinates(great_circle_line(*BEIRUT, *BOGOTA, step_km=step))
    gaps = reach_km(*points[:-1].T, *points[1:].T)
    assert gaps.max() <= step + 1e-6
    assert len(points) == np.ceil(float(reach_km(*BEIRUT, *BOGOTA)) / step) + 1


@pytest.mark.parametrize(
    ("a", "b"), [(SUVA, APIA), (APIA, SUVA), (TOKYO, LOS_ANGELES), ((-179.9, 10.0), (179.9, -10.0))]
)
def test_a_line_is_split_at_the_antimeridian(a, b):
    line = great_circle_line(*a, *b)
    assert line.geom_type == "MultiLineString"
    before, after = parts(line)
    assert before[-1][0] == np.copysign(180, a[0])
    assert after[0][0] == np.copysign(180, b[0])
    assert before[-1][1] == after[0][1]
    assert (np.sign(before[:, 0]) == np.sign(a[0])).all()
    assert (np.sign(after[:, 0]) == np.sign(b[0])).all()


@pytest.mark.parametrize(("a", "b"), [(BEIRUT, BOGOTA), (BEIRUT, DAMASCUS), ((170.0, 0.0), (179.0, 5.0))])
def test_other_lines_are_whole(a, b):
    assert great_circle_line(*a, *b).geom_type == "LineString"


@pytest.mark.parametrize("edge", [180.0, -180.0])
def test_a_line_from_the_antimeridian_itself_is_whole(edge):
    for line in (great_circle_line(edge, 0.0, -170.0, 10.0), great_circle_line(-170.0, 10.0, edge, 0.0)):
        assert line.geom_type == "LineString"
        assert drawable(line)
        assert (shapely.get_coordinates(line)[:, 0] < 0).all()


def test_two_bases_at_one_place_give_a_line_of_no_length():
    assert shapely.get_coordinates(great_circle_line(*BEIRUT, *BEIRUT)).tolist() == [[*BEIRUT], [*BEIRUT]]


def test_lines_between_any_two_places_can_be_drawn():
    random = np.random.default_rng(5)
    lon, lat = random.uniform(-180, 180, (2, 300)), random.uniform(-89, 89, (2, 300))
    for a, b in zip(zip(lon[0], lat[0], strict=True), zip(lon[1], lat[1], strict=True), strict=True):
        line = great_circle_line(*a, *b, step_km=300)
        assert drawable(line), (a, b)
        points = np.concatenate(parts(line))
        assert (tuple(points[0]), tuple(points[-1])) == (a, b)


def test_relationship_lines_are_one_row_a_relationship(tiny_atlas):
    lines = relationship_lines(tiny_atlas)
    assert lines["relationship_id"].tolist() == tiny_atlas.relationships["relationship_id"].tolist()
    assert lines.crs == "EPSG:4326"
    shown = lines.set_index("relationship_id")
    assert shown["types"]["alpha--bravo--1990"] == "material|training"
    assert shown["source_ids"]["alpha--bravo--1993"] == "s1|s2"
    kinds = shown.geometry.geom_type
    assert kinds["alpha--delta--1990"] == "LineString"
    assert kinds["foxtrot--golf--1985"] == "MultiLineString"
    assert shown.geometry[shown.geometry.isna()].index.tolist() == ["alpha--echo--1990", "charlie--echo--1995"]


def test_relationship_lines_of_nothing_are_an_empty_frame(tmp_path):
    lines = relationship_lines(made.atlas(tmp_path, made.groups("a"), []))
    assert len(lines) == 0
    assert lines.crs == "EPSG:4326"


@pytest.mark.parametrize("name", ["lines.geojson", "lines.gpkg"])
def test_relationship_lines_survive_a_file(tiny_atlas, tmp_path, name):
    lines = relationship_lines(tiny_atlas)
    lines.to_file(tmp_path / name)
    again = gpd.read_file(tmp_path / name)
    assert again.crs == "EPSG:4326"
    assert again.geometry.isna().tolist() == lines.geometry.isna().tolist()
    for column in lines.columns.drop(["geometry", "reach_km"]):
        assert again[column].fillna("").tolist() == lines[column].tolist(), column
    np.testing.assert_allclose(again["reach_km"], lines["reach_km"])
    for found, written in zip(again.geometry.dropna(), lines.geometry.dropna(), strict=True):
        assert len(parts(found)) == len(parts(written))  # a GeoPackage makes every line one of several parts
        np.testing.assert_allclose(shapely.get_coordinates(found), shapely.get_coordinates(written), atol=1e-6)


@pytest.mark.parametrize("name", ["groups.geojson", "groups.gpkg"])
def test_groups_survive_a_file(tiny_atlas, tmp_path, name):
    groups = tiny_atlas.groups[["group_id", "name", "first_year", "geometry"]]
    groups.to_file(tmp_path / name)
    again = gpd.read_file(tmp_path / name)
    assert again.crs == "EPSG:4326"
    assert again["group_id"].tolist() == groups["group_id"].tolist()
    assert again["first_year"].tolist() == groups["first_year"].tolist()
    assert again.geometry.isna().tolist() == groups.geometry.isna().tolist()
    assert again.geometry.iloc[0].equals_exact(shapely.Point(*BEIRUT), 1e-6)


@pytest.mark.parametrize(
    ("lon", "lat", "iso3", "far"),
    [
        (35.5, 33.89, "LBN", False),
        (35.5, 33.89, "COL", True),
        (np.nan, 33.89, "COL", False),
        (35.5, 33.89, "", False),
        (55.5, -4.6, "SYC", False),  # the basemap leaves it out
    ],
)
def test_a_point_far_from_its_country_is_told(lon, lat, iso3, far):
    assert far_from_country([lon], [lat], [iso3]).tolist() == [far]


@pytest.mark.parametrize(
    ("lon", "lat", "iso3", "far"),
    [
        (100.0, 67.0, "RUS", False),
        (170.0, 67.0, "RUS", False),
        (-175.0, 66.5, "RUS", False),
        (15.0, 67.0, "RUS", True),
        (-100.0, 66.0, "RUS", True),
        (178.44, -18.14, "FJI", False),
        (-179.9, -16.5, "FJI", False),
        (0.0, -16.5, "FJI", True),
    ],
)
def test_countries_on_both_sides_of_the_antimeridian_do_not_span_the_map(lon, lat, iso3, far):
    assert far_from_country([lon], [lat], [iso3]).tolist() == [far]


def test_the_tolerance_is_a_distance_in_km():
    # Portugal's coast lies near 9.4 west at 39.5 north: half a degree of longitude there is 43 km
    lon, lat = np.array([-9.9, -10.4, -11.4]), np.full(3, 39.5)
    assert far_from_country(lon, lat, ["PRT"] * 3).tolist() == [False, False, True]
    assert far_from_country(lon, lat, ["PRT"] * 3, tolerance_km=20).tolist() == [True, True, True]
    assert TOLERANCE_KM == 100


def test_a_country_is_one_row_with_its_regions():
    table = countries().set_index("iso3")
    assert table.index.is_unique
    assert table.loc["NAM", "iso2"] == "NA"
    assert table.loc["LBN", ["region", "sub_region"]].tolist() == ["asia", "western-asia"]
    assert "XKX" in table.index


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("western-asia", "Western Asia"),
        ("south-eastern-asia", "South-eastern Asia"),
        ("latin-america-and-the-caribbean", "Latin America and The Caribbean"),
        ("africa", "Africa"),
    ],
)
def test_regions_have_names(slug, name):
    assert label(slug) == name

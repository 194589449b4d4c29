// @ts-check
// Great circles in the panel: the same points for drawing and for the pointer.
//
// Called by map.js whenever view or positions change: atlas.arcs.create(at, view) -> {pieces(a, b), path(a, b)} of the
// arc between two groups (rows of payload.groups), each worked out once and kept, so that a step in time only puts
// paths together. Pure.
//   at, view       what spread.positions and projection.view give
//   pieces(a, b)   [[x, y, x, y, ...]] in px, one list for each side of the map's edge that the arc comes by
//   path(a, b)     the same as the d of an SVG path, to a tenth of a pixel
// The shorter great circle, as a sphere has it: Snyder, Map Projections: A Working Manual (1987), equation 5-3.
'use strict';
window.atlas = window.atlas || {};

window.atlas.arcs = (() => {
  const RADIANS = Math.PI / 180;
  const COARSEST = 0.1; // radians between two points

  const vector = (lon, lat) => [
    Math.cos(lat * RADIANS) * Math.cos(lon * RADIANS),
    Math.cos(lat * RADIANS) * Math.sin(lon * RADIANS),
    Math.sin(lat * RADIANS),
  ];

  /** Points along the great circle between two places, at most `step` radians apart, ends included: [[lon, lat]]. */
  function greatCircle(lonA, latA, lonB, latB, step) {
    const [p, q] = [vector(lonA, latA), vector(lonB, latB)];
    const angle = Math.acos(Math.min(1, Math.max(-1, p[0] * q[0] + p[1] * q[1] + p[2] * q[2])));
    const n = Math.ceil(angle / step);
    const points = [[lonA, latA]];
    for (let i = 1; i < n; i += 1) {
      const [s, t] = [Math.sin((1 - i / n) * angle), Math.sin((i / n) * angle)];
      const [x, y, z] = [s * p[0] + t * q[0], s * p[1] + t * q[1], s * p[2] + t * q[2]];
      points.push([Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS]);
    }
    points.push([lonB, latB]);
    return points;
  }

  /** Points in px; where the line leaves the map at one side it goes on from the other. */
  function projected(points, view) {
    const { wrap } = window.atlas.projection;
    const middle = view.extent[0];
    const pieces = [];
    let piece = null;
    let [before, beforeLat] = [0, 0]; // degrees from the middle
    for (const [lon, lat] of points) {
      const turn = wrap(lon - middle);
      if (piece !== null && Math.abs(turn - before) > 180) {
        const side = Math.sign(before) || 1;
        const left = 180 - Math.abs(before);
        const share = left / (left + 180 - Math.abs(turn)) || 0;
        const edge = beforeLat + share * (lat - beforeLat);
        piece.push(...view.projectTurned(180 * side, edge));
        piece = null;
        pieces.push(piece = [...view.projectTurned(-180 * side, edge)]);
      }
      if (piece === null) pieces.push(piece = []);
      const [x, y] = view.projectTurned(turn, lat);
      piece.push(x, y);
      [before, beforeLat] = [turn, lat];
    }
    return pieces;
  }

  const tenth = (value) => Math.round(value * 10) / 10;

  function pathOf(pieces) {
    let d = '';
    for (const piece of pieces) {
      d += `M${tenth(piece[0])},${tenth(piece[1])}L`;
      for (let i = 2; i < piece.length; i += 2) d += `${i > 2 ? ' ' : ''}${tenth(piece[i])},${tenth(piece[i + 1])}`;
    }
    return d;
  }

  function create(at, view) {
    // A chord leaves its arc by step^2 * radius / 8: this keeps it within about a sixth of a pixel.
    const step = Math.min(COARSEST, Math.sqrt(1.2 / view.pixels));
    const n = at.lon.length;
    const kept = new Map();
    const pieces = (a, b) => projected(greatCircle(at.lon[a], at.lat[a], at.lon[b], at.lat[b], step), view);
    function path(a, b) {
      const key = a * n + b;
      let d = kept.get(key);
      if (d === undefined) kept.set(key, d = pathOf(pieces(a, b)));
      return d;
    }
    return { pieces, path };
  }

  return { create, greatCircle, projected };
})();

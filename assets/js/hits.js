// @ts-check
// What lies under the pointer: an index of the drawn marks in pixels.
//
// Called by map.js, which builds it when the pointer first moves after a change: atlas.hits.build(context), the
// context of marks.fill. The whole arc answers, not its middle alone. Pure.
//   at(x, y)                 -> {kind: 'group', group} | {kind: 'place', place} | {kind: 'tie', tie} |
//                               {kind: 'rival', rival} | null; x and y in px of the panel
//   groups(x, y, reach)      -> rows of the groups within `reach` px, the nearest first
'use strict';
window.atlas = window.atlas || {};

window.atlas.hits = (() => {
  const CELL = 32; // px
  const LINE = 6; // px to either side of a line
  const RIM = 4; // px about a point's or ring's rim

  /** Distance of a point from a piece of line. */
  function distance(x, y, [x1, y1, x2, y2]) {
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
    return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
  }

  /** Pieces of line by the cells that they pass, so that a lookup tries only its neighbours. */
  function grid(view) {
    const columns = Math.ceil(view.width / CELL) + 1;
    const cells = new Map();
    function add(piece, what) {
      const [x1, y1, x2, y2] = piece;
      const entry = { piece, what };
      const [left, right] = [Math.min(x1, x2) - LINE, Math.max(x1, x2) + LINE];
      const [top, bottom] = [Math.min(y1, y2) - LINE, Math.max(y1, y2) + LINE];
      if (right < 0 || bottom < 0 || left > view.width || top > view.height) return;
      for (let row = Math.max(0, Math.floor(top / CELL)); row <= Math.min(bottom, view.height) / CELL; row += 1) {
        for (let column = Math.max(0, Math.floor(left / CELL)); column <= Math.min(right, view.width) / CELL; column += 1) {
          const cell = row * columns + column;
          const there = cells.get(cell);
          if (there) there.push(entry);
          else cells.set(cell, [entry]);
        }
      }
    }
    const near = (x, y) => cells.get(Math.floor(y / CELL) * columns + Math.floor(x / CELL)) ?? [];
    return { add, near };
  }

  function build(context) {
    const { slice, at, view, arcs } = context;
    const { diameter, rings } = window.atlas.marks;
    const lines = grid(view);

    function draw(a, b, what) {
      for (const path of arcs.pieces(a, b)) {
        for (let i = 2; i < path.length; i += 2) lines.add([path[i - 2], path[i - 1], path[i], path[i + 1]], what);
      }
    }
    for (const tie of slice.ties) {
      if (tie.located && !tie.place && !tie.hidden) draw(tie.a, tie.b, { kind: 'tie', tie });
    }
    for (const rival of slice.rivals) {
      if (!Number.isNaN(at.lon[rival.a] + at.lon[rival.b])) draw(rival.a, rival.b, { kind: 'rival', rival });
    }
    const points = [...slice.marked, ...slice.unallied, ...slice.rivalEnds].map((group) => {
      const [x, y] = view.project(at.lon[group], at.lat[group]);
      return { group, x, y, r: slice.degree[group] ? diameter(slice.degree[group]) / 2 : 2.5 };
    });
    const circles = rings(context).map((ring) => {
      const [x, y] = view.project(ring.lon, ring.lat);
      return { ring, x, y };
    });

    /** Groups by their distance from the rim of their point. */
    function groups(x, y, reach) {
      return points
        .map((p) => ({ group: p.group, away: Math.max(0, Math.hypot(x - p.x, y - p.y) - p.r) }))
        .filter(({ away }) => away <= reach)
        .sort((p, q) => p.away - q.away)
        .map(({ group }) => group);
    }

    function lookup(x, y) {
      const [group] = groups(x, y, RIM);
      if (group !== undefined) return { kind: 'group', group };
      const circle = circles.find((c) => Math.abs(Math.hypot(x - c.x, y - c.y) - c.ring.radius) <= RIM);
      if (circle) return { kind: 'place', place: circle.ring };
      let [best, least] = [null, LINE];
      for (const { piece, what } of lines.near(x, y)) {
        const away = distance(x, y, piece);
        if (away < least) [best, least] = [what, away];
      }
      return best;
    }
    return { at: lookup, groups };
  }

  return { build, distance };
})();

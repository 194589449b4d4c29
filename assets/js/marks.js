// @ts-check
// From a slice to marks: which paths and names there are this year, in drawing order. Pure: no DOM.
//
// Called by map.js: atlas.marks.fill(context) -> [{mark, d, ...attributes}], each an SVG path with its attributes.
// Marks of one look are one path, so that a year of hundreds of ties is a few dozen elements; `mark` says what a path
// shows (unallied, rivals, ties, places, groups, highlight), for tests and for those who look into the page.
// context: {payload, slice, at, view, arcs, paint, measure, highlight}
//   at         {lon, lat} from spread.positions
//   view       what projection.view gives
//   arcs       what arcs.create gives for these two
//   paint      {classes: [colour], none, rival, ink, quiet, halo, font}, colours as CSS has them
//   measure    text -> its width in px
//   highlight  a group's row or null
'use strict';
window.atlas = window.atlas || {};

window.atlas.marks = (() => {
  const WIDE = 1.9;
  const THIN = 1.05;
  const GREY = 0.8;
  const BUNDLES = [0.5, 1, 1.8, 2.8, 4.2, 6]; // px, by a bundle's weight
  const STRENGTH = [0.3, 0.42, 0.54, 0.64, 0.72, 0.8]; // opacity, likewise: many arcs of one alliance hide none of many
  const DASH = '5,3';
  const DOTS = '1,3.5';
  const UNALLIED = 4.5; // px across
  const BANDS = [16, 9, 0]; // px: of points that overlap, those of a lower band lie on top
  const SYMBOLS = { city: 'circle', region: 'diamond', country: 'square' };

  /** Number of a line's look; ties of the same number share a path. */
  const lookOf = ({ cls, wide, dashed, faint, grey }) => (grey
    ? Number(!faint)
    : 2 + cls * 8 + Number(wide) * 4 + Number(dashed) * 2 + Number(!faint));

  function look(number) {
    if (number < 2) return { grey: true, wide: false, dashed: false, faint: number === 0, cls: -1 };
    const bits = (number - 2) % 8;
    return { grey: false, wide: bits > 3, dashed: (bits & 2) > 0, faint: (bits & 1) === 0, cls: (number - 2) >> 3 };
  }

  /** Grey lowest, faint below firm, thin below wide, then by class: so the order never changes. */
  const rank = (number) => (number < 2 ? -4 : 0) + Number(!look(number).faint) * 2 + Number(look(number).wide);

  /** Diameter of a group's point in px: its area is proportional to the number of its allies. */
  const diameter = (degree) => Math.min(30, 4.6 * Math.sqrt(degree));

  const symbol = (payload, g) => SYMBOLS[payload.vocabulary.precisions[payload.groups.precision[g]]] ?? 'circle';

  const tenth = (value) => Math.round(value * 10) / 10;

  /** A point's outline about x, y, closed. */
  function outline(shape, x, y, r) {
    const [cx, cy, s] = [tenth(x), tenth(y), tenth(r)];
    if (shape === 'square') return `M${tenth(cx - s)},${tenth(cy - s)}h${2 * s}v${2 * s}h${-2 * s}z`;
    if (shape === 'diamond') {
      const t = tenth(s * 1.3);
      return `M${tenth(cx - t)},${cy}l${t},${-t}l${t},${t}l${-t},${t}z`;
    }
    return `M${tenth(cx - s)},${cy}a${s},${s} 0 1,0 ${2 * s},0a${s},${s} 0 1,0 ${-2 * s},0z`;
  }

  function pointAt({ payload, at, view }, g, size) {
    const [x, y] = view.project(at.lon[g], at.lat[g]);
    return outline(symbol(payload, g), x, y, size / 2);
  }

  /** Paths put together by a key: Map of key -> d. */
  function gathered(rows, keyOf, dOf) {
    const found = new Map();
    for (const row of rows) {
      const key = keyOf(row);
      const d = dOf(row);
      const there = found.get(key);
      if (there) there.push(d);
      else found.set(key, [d]);
    }
    return [...found].map(([key, ds]) => [key, ds.join('')]);
  }

  /** Arcs that stand for many alliances each (coarse.js): by width and class, the widest below. */
  function bundles(drawn, arcs, paint) {
    return gathered(drawn, ({ weight, cls }) => weight * 100 + cls, ({ a, b }) => arcs.path(a, b))
      .sort(([p], [q]) => Math.floor(q / 100) - Math.floor(p / 100) || p - q)
      .map(([key, d]) => ({
        mark: 'ties', d, fill: 'none', stroke: paint.classes[key % 100], 'stroke-width': BUNDLES[Math.floor(key / 100)],
        'stroke-dasharray': null, opacity: STRENGTH[Math.floor(key / 100)],
      }));
  }

  function ties({ slice, arcs, paint }) {
    const drawn = slice.ties.filter((tie) => !tie.hidden && tie.located && !tie.place);
    if (slice.coarse) return bundles(drawn, arcs, paint);
    return gathered(drawn, lookOf, ({ a, b }) => arcs.path(a, b))
      .sort(([a], [b]) => rank(a) - rank(b) || a - b)
      .map(([number, d]) => {
        const { grey, wide, dashed, faint, cls } = look(number);
        return {
          mark: 'ties', d, fill: 'none',
          stroke: grey ? paint.none : paint.classes[cls],
          'stroke-width': grey ? GREY : wide ? WIDE : THIN,
          'stroke-dasharray': dashed ? DASH : null,
          opacity: faint ? 0.42 : 0.82,
        };
      });
  }

  function rivals({ slice, at, arcs, paint }) {
    const located = ({ a, b }) => !Number.isNaN(at.lon[a] + at.lon[b]);
    const d = slice.rivals.filter(located).map(({ a, b }) => arcs.path(a, b)).join('');
    return d ? [{ mark: 'rivals', d, fill: 'none', stroke: paint.rival, 'stroke-width': 1.1, 'stroke-dasharray': DOTS, opacity: 0.75 }] : [];
  }

  function unallied(context) {
    const { slice, paint } = context;
    const d = [...slice.unallied, ...slice.rivalEnds].map((g) => pointAt(context, g, UNALLIED)).join('');
    return d ? [{ mark: 'unallied', d, fill: 'none', stroke: paint.quiet, 'stroke-width': 0.9, opacity: 0.6 }] : [];
  }

  /** Allied groups, the largest below, so that no small one is buried. */
  function groups(context) {
    const { payload, slice, paint } = context;
    const classes = payload.groups[slice.colouring]; // types and kinds are no property of a group
    const colour = (g) => (classes ? paint.classes[classes[g]] : paint.ink);
    const size = (g) => diameter(slice.degree[g]);
    const band = (g) => BANDS.findIndex((least) => size(g) > least);
    const rows = [...slice.marked].sort((g, h) => slice.degree[h] - slice.degree[g] || g - h);
    return gathered(rows, (g) => `${band(g)} ${colour(g)}`, (g) => pointAt(context, g, size(g)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, d]) => ({ mark: 'groups', d, fill: key.slice(2), stroke: paint.halo, 'stroke-width': 1 }));
  }

  /** Radius in px of the ring of `place`, the n-th about this base: outside all groups that stand there. */
  function rings({ payload, slice, view }) {
    const { radius } = window.atlas.spread;
    const extent = new Map(); // base -> px from it to the rim of its outermost marked group
    const base = (g) => `${payload.groups.lon[g]},${payload.groups.lat[g]}`;
    if (slice.places.length === 0) return [];
    for (const g of slice.marked) {
      const rim = radius(payload.groups.slot[g], view.pixels) + diameter(slice.degree[g]) / 2;
      extent.set(base(g), Math.max(extent.get(base(g)) ?? 0, rim));
    }
    const drawn = new Map();
    return slice.places.map((place) => {
      const key = `${place.lon},${place.lat}`;
      const nth = drawn.get(key) ?? 0;
      drawn.set(key, nth + 1);
      return { ...place, radius: extent.get(key) + 2.5 + 3 * nth };
    });
  }

  function places(context) {
    const { paint, view } = context;
    const colour = (ring) => (ring.grey ? paint.none : paint.classes[ring.cls]);
    return gathered(rings(context), (ring) => `${ring.weight ?? ''} ${colour(ring)}`, (ring) => outline('circle', ...view.project(ring.lon, ring.lat), ring.radius))
      .map(([key, d]) => {
        const [weight, stroke] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
        return { mark: 'places', d, fill: 'none', stroke, 'stroke-width': weight ? Math.max(1, BUNDLES[weight] * 0.7) : 1.4 };
      });
  }

  function highlight(context) {
    const { highlight: g, at, slice, paint } = context;
    if (g === null || Number.isNaN(at.lon[g])) return [];
    const d = pointAt(context, g, diameter(Math.max(1, slice.degree[g])) + 9);
    return [{ mark: 'highlight', d, fill: 'none', stroke: paint.ink, 'stroke-width': 2 }];
  }

  const fill = (context) => [
    ...unallied(context), ...rivals(context), ...ties(context), ...places(context), ...groups(context), ...highlight(context),
  ];

  return { fill, rings, diameter, symbol, outline, lookOf, look };
})();

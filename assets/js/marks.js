// @ts-check
// From a slice to plotly.js traces: which marks there are, and what each shows this year.
//
// Called by map.js. Pure: no DOM, no Plotly. plotly.js draws a trace of one colour, width and dash, and each trace
// costs it about a fifth of a millisecond at every update, whether it shows anything or not. So the list of traces
// is fixed but for its length: `lines` traces for the looks in use this year, between those that are always there.
//   fill(context, lines)    what each trace shows: [{id, style, data}] in drawing order; style is the trace without
//                           data, as a plain trace; data are attributes {lon, lat, 'marker.size', ...} that change
//                           from year to year. `lines` is the least number of line traces, spare ones show nothing
// context: {payload, slice, at, view, paint, measure, highlight}
//   at         {lon, lat} from spread.positions
//   view       what projection.view gives
//   paint      {classes: [colour], none, rival, ink, quiet, halo, font}, colours that plotly.js can read
//   measure    text -> its width in px
//   highlight  a group's row or null
'use strict';
window.atlas = window.atlas || {};

window.atlas.marks = (() => {
  const WIDE = 1.9;
  const THIN = 1.05;
  const GREY = 0.8;
  const DASH = '5px,3px';
  const DOTS = '1px,3.5px';
  const SYMBOLS = { city: 'circle', region: 'diamond', country: 'square' };

  /** Number of a line's look; ties of the same number share a trace. */
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

  const TRACE = { type: 'scattergeo', hoverinfo: 'skip', showlegend: false };

  const styles = (paint) => ({
    unallied: { mode: 'markers', opacity: 0.6, marker: { size: 4.5, color: paint.quiet, line: { width: 0.9 } } },
    rivals: { mode: 'lines', opacity: 0.75, line: { color: paint.rival, width: 1.1, dash: DOTS } },
    line: { mode: 'lines', connectgaps: false },
    places: { mode: 'markers', marker: { symbol: 'circle-open', line: { width: 1.4 } } },
    groups: { mode: 'markers', marker: { opacity: 1, line: { color: paint.halo, width: 1 } } },
    highlight: { mode: 'markers', marker: { color: paint.ink, symbol: 'circle-open', line: { width: 2 } } },
    labels: { mode: 'text', textposition: 'top center', textfont: { family: paint.font, size: 11, color: paint.ink, weight: 600 } },
  });

  function lineStyle(number, paint) {
    const { grey, wide, dashed, faint, cls } = look(number);
    return {
      opacity: faint ? 0.42 : 0.82,
      'line.color': grey ? paint.none : paint.classes[cls],
      'line.width': grey ? GREY : wide ? WIDE : THIN,
      'line.dash': dashed ? DASH : 'solid',
    };
  }

  /** Diameter of a group's point in px: its area is proportional to the number of its allies. */
  const diameter = (degree) => Math.min(30, 4.6 * Math.sqrt(degree));

  const symbol = (payload, g) => SYMBOLS[payload.vocabulary.precisions[payload.groups.precision[g]]] ?? 'circle';

  /** Two-point lines, split by nulls; plotly.js bends them into great circles. */
  function lines(ties, { lon, lat }) {
    const path = { lon: new Array(ties.length * 3), lat: new Array(ties.length * 3) };
    ties.forEach(({ a, b }, i) => {
      path.lon[3 * i] = lon[a];
      path.lat[3 * i] = lat[a];
      path.lon[3 * i + 1] = lon[b];
      path.lat[3 * i + 1] = lat[b];
      path.lon[3 * i + 2] = path.lat[3 * i + 2] = null;
    });
    return path;
  }

  const located = ({ lon }) => ({ a, b }) => !Number.isNaN(lon[a]) && !Number.isNaN(lon[b]);

  function points(rows, { payload, at }) {
    return {
      lon: rows.map((g) => at.lon[g]),
      lat: rows.map((g) => at.lat[g]),
      'marker.symbol': rows.map((g) => symbol(payload, g)),
    };
  }

  /** Allied groups, the largest below, so that no small one is buried. */
  function allied(context) {
    const { payload, slice, paint } = context;
    const rows = [...slice.marked].sort((g, h) => slice.degree[h] - slice.degree[g]);
    const classes = payload.groups[slice.colouring]; // types and kinds are no property of a group
    return {
      ...points(rows, context),
      'marker.size': rows.map((g) => diameter(slice.degree[g])),
      'marker.color': rows.map((g) => (classes ? paint.classes[classes[g]] : paint.ink)),
    };
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

  function hollow(context) {
    const found = points([...context.slice.unallied, ...context.slice.rivalEnds], context);
    return { ...found, 'marker.symbol': found['marker.symbol'].map((name) => `${name}-open`) };
  }

  function placeRings(context) {
    const found = rings(context);
    const { none, classes } = context.paint;
    return {
      lon: found.map((ring) => ring.lon),
      lat: found.map((ring) => ring.lat),
      'marker.size': found.map((ring) => 2 * ring.radius),
      'marker.color': found.map((ring) => (ring.grey ? none : classes[ring.cls])),
    };
  }

  function ringOf({ highlight: g, at, slice }) {
    if (g === null || Number.isNaN(at.lon[g])) return { lon: [], lat: [], 'marker.size': 0 };
    return { lon: [at.lon[g]], lat: [at.lat[g]], 'marker.size': diameter(Math.max(1, slice.degree[g])) + 9 };
  }

  /** One entry for each look in use: its style and its lines. */
  function lineTraces({ slice, at, paint }, least) {
    const byLook = new Map();
    for (const tie of slice.ties) {
      if (tie.hidden || !tie.located || tie.place) continue;
      const number = lookOf(tie);
      const same = byLook.get(number);
      if (same) same.push(tie);
      else byLook.set(number, [tie]);
    }
    const used = [...byLook.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
    const traces = used.map((number) => ({ ...lines(byLook.get(number), at), ...lineStyle(number, paint) }));
    while (traces.length < least) traces.push({ lon: [], lat: [] });
    return traces;
  }

  function fill(context, least = 0) {
    const { slice, at, paint } = context;
    const style = styles(paint);
    const trace = (id, data, kind = id) => ({ id, style: { ...TRACE, ...style[kind] }, data });
    return [
      trace('unallied', hollow(context)),
      trace('rivals', lines(slice.rivals.filter(located(at)), at)),
      ...lineTraces(context, least).map((data, i) => trace(`line-${i}`, data, 'line')),
      trace('places', placeRings(context)),
      trace('groups', allied(context)),
      trace('highlight', ringOf(context)),
      trace('labels', window.atlas.labels.place(context)),
    ];
  }

  return { fill, rings, diameter, symbol, lookOf, look };
})();

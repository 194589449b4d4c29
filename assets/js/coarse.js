// @ts-check
// Too many alliances for arcs of their own: all those between two countries as one. Pure.
//
// Called by stage.js, picture.js and legend.js: atlas.coarse.of(payload, slice) -> {payload, slice} to draw: as they
// are up to MOST ties that have a mark of their own, and else by country. A country stands where a group would, in the
// middle of the dataset's bases there; a located group whose country is not recorded is a place of its own, at its base.
// The coarse payload has places for groups; the coarse slice is a slice (slice.js) of them, with
//   ties        one for each two places: {a, b, n, counts, rows, cls, weight, ...}: n alliances, counts of them by class,
//               rows their places in `whole.ties`, cls the most frequent class, weight a step of WEIGHTS
//   places      the same for alliances within one place, as rings
//   coarse      {whole, payload, arcs, rings, ends, allied, unallied}: the slice and payload that this stands for, how
//               many arcs and rings there are, and for each place the ends of alliances and the groups with and without one
// and otherwise the numbers of the whole slice, so that the legend, words and figures count alliances as ever.
// What one hides is in no bundle; of what is left every tie with two positions is in exactly one.
// Beyond a few thousand arcs the map is a blot to the eye and takes an SVG longer than a step may (tests/benchmarks).
'use strict';
window.atlas = window.atlas || {};

window.atlas.coarse = (() => {
  const MOST = 2500; // ties drawn one by one
  const WEIGHTS = [1, 2, 5, 15, 50, 150]; // alliances from which a bundle is drawn a step wider
  const LARGEST = 40; // what the busiest place of any year counts as, in allies of a single group (marks.diameter)
  const NONE = Object.freeze([]);

  const weight = (n) => WEIGHTS.findLastIndex((least) => n >= least);

  const grounds = new WeakMap(); // payload -> {payload, placeOf, most}

  /** Places of a payload, worked out once. */
  function ground(payload) {
    const known = grounds.get(payload);
    if (known) return known;
    const { groups, vocabulary } = payload;
    const places = { key: [], name: [], lon: [], lat: [] };
    const found = new Map();
    const place = (key, name, lon, lat) => {
      if (!found.has(key)) {
        found.set(key, places.key.length);
        for (const [column, value] of Object.entries({ key, name, lon, lat })) places[column].push(value);
      }
      return found.get(key);
    };
    const ofCountry = []; // its place, once a group stands there
    const placeOf = new Int32Array(groups.lon.length).fill(-1);
    for (let g = 0; g < placeOf.length; g += 1) {
      const [lon, country] = [groups.lon[g], groups.country[g]];
      if (lon === null) continue;
      if (country >= 0) {
        const { key, label, lon: x, lat: y } = vocabulary.countries[country];
        placeOf[g] = ofCountry[country] ??= place(key, label, x, y);
      } else placeOf[g] = place(`${lon},${groups.lat[g]}`, groups.place[g] || 'Country not recorded', lon, groups.lat[g]);
    }
    const n = places.key.length;
    const made = {
      placeOf,
      most: busiest(payload, placeOf, n),
      // No place is more or less precise than another, and none has a class: every point is a circle in ink.
      payload: {
        ...payload,
        groups: { id: places.key, name: places.name, lon: places.lon, lat: places.lat, slot: new Uint8Array(n), precision: new Int8Array(n).fill(-1), place: places.name },
      },
    };
    grounds.set(payload, made);
    return made;
  }

  /** Most ends of alliances that any place has in any year of coverage: so points can be compared between years. */
  function busiest({ relationships: rows, dataset }, placeOf, n) {
    const span = dataset.last_year - dataset.first_year + 2;
    const change = new Int32Array(n * span);
    const at = (year) => Math.min(Math.max(year - dataset.first_year, 0), span - 1);
    for (let i = 0; i < rows.a.length; i += 1) {
      for (const g of [rows.a[i], rows.b[i]]) {
        if (placeOf[g] < 0) continue;
        change[placeOf[g] * span + at(rows.first_year[i])] += 1;
        change[placeOf[g] * span + at(rows.last_year[i] + 1)] -= 1;
      }
    }
    let most = LARGEST;
    for (let place = 0; place < n; place += 1) {
      for (let year = 0, now = 0; year < span; year += 1) {
        now += change[place * span + year];
        if (now > most) most = now;
      }
    }
    return most;
  }

  /** Ties gathered by the pair of places that they join. */
  function bundled(ties, placeOf, n, nClasses) {
    const found = new Map();
    ties.forEach((tie, row) => {
      const [p, q] = [placeOf[tie.a], placeOf[tie.b]];
      if (tie.hidden || p < 0 || q < 0) return;
      const [a, b] = p < q ? [p, q] : [q, p];
      const key = a * n + b;
      let bundle = found.get(key);
      if (!bundle) found.set(key, bundle = { a, b, counts: new Int32Array(nClasses), rows: [] });
      bundle.rows.push(row);
      if (nClasses) bundle.counts[tie.cls] += 1;
    });
    return [...found.values()];
  }

  function dressed(bundle) {
    const { rows, counts, a, b } = bundle;
    return {
      ...bundle, n: rows.length, cls: counts.indexOf(Math.max(...counts)), weight: weight(rows.length), row: -1, also: NONE,
      wide: false, dashed: false, faint: false, grey: false, hidden: false, located: true, place: a === b,
    };
  }

  function coarse(payload, whole) {
    const { placeOf, most, payload: drawn } = ground(payload);
    const { lon, lat, id } = drawn.groups;
    const n = id.length;
    const ties = bundled(whole.ties, placeOf, n, payload.vocabulary[whole.colouring]?.length ?? whole.counts.length).map(dressed);
    const ends = new Int32Array(n);
    for (const tie of ties) {
      ends[tie.a] += tie.n;
      ends[tie.b] += tie.n;
    }
    // A period or two years together can have more than any year.
    const scale = LARGEST / ends.reduce((p, q) => Math.max(p, q), most);
    const count = (rows) => {
      const counts = new Int32Array(n);
      for (const g of rows) if (placeOf[g] >= 0) counts[placeOf[g]] += 1;
      return counts;
    };
    const [allied, unallied] = [count(whole.allied), count(whole.unallied)];
    const rivals = bundled(whole.rivals, placeOf, n, 0).map((bundle) => ({ ...bundle, n: bundle.rows.length, also: NONE }));
    const fighting = new Set(rivals.flatMap(({ a, b }) => [a, b]));
    const all = [...id.keys()];
    const marked = all.filter((place) => ends[place] > 0);
    const within = ties.filter((tie) => tie.place);
    return {
      payload: drawn,
      slice: {
        ...whole,
        ties, marked, rivals,
        // The area of a point is that of all its groups' points together, and never too small to be seen.
        degree: Float64Array.from(ends, (sum) => (sum === 0 ? 0 : Math.max(0.5, sum * scale))),
        places: within.map((tie) => ({ ...tie, lon: lon[tie.a], lat: lat[tie.a], ties: [ties.indexOf(tie)] })),
        unallied: all.filter((place) => ends[place] === 0 && unallied[place] > 0),
        rivalEnds: all.filter((place) => ends[place] === 0 && unallied[place] === 0 && fighting.has(place)),
        withinCount: within.reduce((sum, tie) => sum + tie.n, 0),
        coarse: { whole, payload, arcs: ties.length - within.length, rings: within.length, ends, allied, unallied },
      },
    };
  }

  /** Ties that would have an arc or ring of their own. */
  const marks = (slice) => slice.ties.reduce((n, tie) => n + Number(!tie.hidden && tie.located), 0) + slice.rivals.length;

  const applies = (slice) => slice.ties.length + slice.rivals.length > MOST && marks(slice) > MOST;

  const of = (payload, slice) => (applies(slice) ? coarse(payload, slice) : { payload, slice });

  /** Place of a group in the coarse payload, null where it has none. */
  const placeOf = (payload, g) => { const place = g === null ? -1 : ground(payload).placeOf[g]; return place < 0 ? null : place; };

  return { MOST, WEIGHTS, of, draw: coarse, applies, placeOf };
})();

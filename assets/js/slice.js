// @ts-check
// One year, or one period, of the payload: what is active, how each tie is drawn, and what is counted.
//
// Called by app.js at every step: atlas.slice(payload, {since, year, colouring, hidden, rivals}); within(ties, groups)
// gives the rings of any ties, for compare.js.
//   payload    the answer of /api/payload; the rows of a dyad are adjacent, its leading one first
//   since      first year of a period, or null for `year` alone; both ends count
//   colouring  'ideology' | 'type' | 'region' | 'kind'
//   hidden     Set of class keys; a hidden class loses its marks and keeps its counts
//   rivals     whether rivalries are wanted
// Returns a plain object:
//   year, since, colouring
//   ties       [{row, a, b, also: [row], cls, wide, dashed, faint, grey, hidden, located, place}] one for each dyad:
//              row and also are rows of payload.relationships, a and b of payload.groups, cls a place in the
//              colouring's classes; `place` where both ends share one point; hidden ones are listed too
//   degree     Int32Array, number of allies of each group
//   allied, unallied, unlocated    group rows; unlocated ones are counted but have no position
//   marked     allied, located groups with a tie that is not hidden: those that get a point
//   places     [{lon, lat, cls, grey, ties: [place in ties]}] rings: ties within one place, by class, not hidden
//   rivals     [{row, a, b, also}] of payload.rivals; `rivalEnds` their located ends that have no other mark
//   counts     Int32Array, ties of each class
//   dashedCount, faintCount, greyCount, withinCount, notDrawnCount, rivalCount: ties (rivalries) of each look, hidden
//              or not; within = within one place, notDrawn = an end is not located
'use strict';
window.atlas = window.atlas || {};

window.atlas.slice = (() => {
  const NONE = Object.freeze([]);

  /** Rows active in the window, one entry a dyad: its first active row leads, the others come along. */
  function dyads(rows, from, to) {
    const { a, b, first_year: first, last_year: last } = rows;
    const found = [];
    let open = null; // the dyad of the row before, once one of its rows was active
    for (let i = 0, n = a.length; i < n; i += 1) {
      if (open !== null && (a[i] !== open.a || b[i] !== open.b)) open = null;
      if (first[i] <= to && last[i] >= from) {
        if (open === null) {
          open = { row: i, a: a[i], b: b[i], also: NONE };
          found.push(open);
        } else if (open.also === NONE) open.also = [i];
        else open.also.push(i);
      }
    }
    return found;
  }

  const bitsOf = (types) => types.reduce((bits, type, i) => (type.tangible ? bits | (1 << i) : bits), 0);

  /** Give each tie its look. Not coded is always thin and grey; only what is coded can be rhetorical alone. */
  function dress(ties, payload, colouring, hidden) {
    const { relationships: rows, groups, vocabulary } = payload;
    const classes = rows[colouring];
    const hiddenClass = vocabulary[colouring].map((entry) => hidden.has(entry.key));
    const low = vocabulary.confidences.indexOf('low');
    const tangible = bitsOf(vocabulary.types);
    const { lon, lat } = groups;
    for (const tie of ties) {
      const { row, a, b } = tie;
      const coded = rows.coded[row] === 1;
      tie.cls = classes[row];
      tie.hidden = hiddenClass[tie.cls];
      tie.grey = !coded;
      tie.wide = coded && vocabulary.kinds[rows.kind[row]].wide;
      tie.dashed = coded && rows.types[row] !== 0 && (rows.types[row] & tangible) === 0;
      tie.faint = rows.confidence[row] === low;
      tie.located = lon[a] !== null && lon[b] !== null;
      tie.place = tie.located && lon[a] === lon[b] && lat[a] === lat[b];
    }
  }

  /** Ties within one place, gathered by place and look: an arc of no length is no mark. */
  function within(ties, groups) {
    const rings = new Map();
    ties.forEach((tie, i) => {
      if (!tie.place || tie.hidden) return;
      const [lon, lat] = [groups.lon[tie.a], groups.lat[tie.a]];
      const key = `${lon},${lat},${tie.grey ? 'grey' : tie.cls}`;
      const ring = rings.get(key);
      if (ring) ring.ties.push(i);
      else rings.set(key, { lon, lat, cls: tie.cls, grey: tie.grey, ties: [i] });
    });
    return [...rings.values()];
  }

  function tally(ties, nClasses) {
    const counts = new Int32Array(nClasses);
    const tallies = { dashedCount: 0, faintCount: 0, greyCount: 0, withinCount: 0, notDrawnCount: 0 };
    for (const tie of ties) {
      counts[tie.cls] += 1;
      if (tie.dashed) tallies.dashedCount += 1;
      if (tie.faint) tallies.faintCount += 1;
      if (tie.grey) tallies.greyCount += 1;
      if (tie.place) tallies.withinCount += 1;
      if (!tie.located) tallies.notDrawnCount += 1;
    }
    return { counts, tallies };
  }

  function slice(payload, { since = null, year, colouring, hidden, rivals: wanted }) {
    const { groups, relationships, focus, vocabulary } = payload;
    const from = since ?? year;
    const ties = dyads(relationships, from, year);
    dress(ties, payload, colouring, hidden);
    const { counts, tallies } = tally(ties, vocabulary[colouring].length);

    const n = groups.id.length;
    const degree = new Int32Array(n);
    const shown = new Uint8Array(n);
    for (const { a, b, hidden: unseen } of ties) {
      degree[a] += 1;
      degree[b] += 1;
      if (!unseen) shown[a] = shown[b] = 1;
    }
    const rivals = wanted ? dyads(payload.rivals, from, year) : [];
    const fights = new Uint8Array(n);
    for (const { a, b } of rivals) fights[a] = fights[b] = 1;

    const [allied, unallied, unlocated, marked, rivalEnds] = [[], [], [], [], []];
    for (let g = 0; g < n; g += 1) {
      const located = groups.lon[g] !== null;
      if (degree[g] > 0) {
        allied.push(g);
        if (!located) unlocated.push(g);
        else if (shown[g]) marked.push(g);
        else if (fights[g]) rivalEnds.push(g);
        continue;
      }
      // A view about one group is about its partners; the rest of the world's groups would only be noise.
      const own = !focus && groups.own[g] === 1 && groups.first_year[g] <= year && groups.last_year[g] >= from;
      if (own) (located ? unallied : unlocated).push(g);
      else if (fights[g] && located) rivalEnds.push(g);
    }
    return {
      year, since, colouring, ties, degree, allied, unallied, unlocated, marked,
      places: within(ties, groups), rivals, rivalEnds, counts,
      ...tallies, rivalCount: rivals.length,
    };
  }

  return Object.assign(slice, { within });
})();

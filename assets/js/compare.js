// @ts-check
// Two years compared: which ties formed, ended and were kept from one to the other. Pure.
//
// Called by app.js: atlas.compare.difference(now, then, groups) -> a slice of the ties of both years, coloured by
// what became of them; now and then are slices (slice.js) of the year in view and of the year that it is compared
// with. Its `counts` are of CHANGES in order. `when` is how its time is said. payload(payload) -> the payload with the
// classes of this colouring, which no dataset has. tally(difference, year) -> {year, formed, ended, kept}.
// A tie is formed if it holds in `now` alone, ended if in `then` alone; what happened in between counts nothing.
'use strict';
window.atlas = window.atlas || {};

window.atlas.compare = (() => {
  const CHANGES = [
    { key: 'formed', label: 'Formed', token: '--class-3' },
    { key: 'kept', label: 'Kept', token: '--class-none' },
    { key: 'ended', label: 'Ended', token: '--class-2' },
  ];
  const [FORMED, KEPT, ENDED] = [0, 1, 2];

  const extended = new WeakMap();
  function payload(whole) {
    if (!extended.has(whole)) extended.set(whole, { ...whole, vocabulary: { ...whole.vocabulary, change: CHANGES } });
    return extended.get(whole);
  }

  const pair = ({ a, b }) => `${a},${b}`;

  function difference(now, then, groups) {
    const before = new Set(then.ties.map(pair));
    const after = new Set(now.ties.map(pair));
    // Ended ones are dashed, so that a picture without colours tells them from those that formed.
    const as = (cls) => (tie) => ({ ...tie, cls, grey: false, dashed: cls === ENDED, faint: cls === KEPT });
    const ties = [
      ...now.ties.map((tie) => as(before.has(pair(tie)) ? KEPT : FORMED)(tie)),
      ...then.ties.filter((tie) => !after.has(pair(tie))).map(as(ENDED)),
    ];
    const degree = new Int32Array(now.degree.length);
    const counts = new Int32Array(CHANGES.length);
    for (const { a, b, cls } of ties) {
      degree[a] += 1;
      degree[b] += 1;
      counts[cls] += 1;
    }
    const union = (p, q) => [...new Set([...p, ...q])];
    return {
      year: now.year, since: null, colouring: 'change', when: `in ${then.year} or ${now.year}`, ties, degree, counts,
      allied: union(now.allied, then.allied), unallied: [], unlocated: union(now.unlocated, then.unlocated),
      marked: union(now.marked, then.marked), places: window.atlas.slice.within(ties, groups), rivals: [], rivalEnds: [],
    };
  }

  /** The numbers of a difference, as the words say them. */
  const tally = ({ counts }, year) => ({ year, formed: counts[FORMED], ended: counts[ENDED], kept: counts[KEPT] });

  /** What became of a tie between the two years of a difference, in words. */
  const words = ({ cls }) => ['Formed: not in the year that is compared with', 'Kept: in both years', 'Ended: in the year that is compared with alone'][cls];

  return { CHANGES, FORMED, KEPT, ENDED, payload, difference, tally, words };
})();

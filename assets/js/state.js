// @ts-check
// The selection in the browser: reading it from the document, writing it as a query. No DOM, no clock.
//
// Called by app.js and the dialogs. A selection is the plain object that Python's grammar.as_json gives:
// one value for each parameter (string, number, boolean, array or null). `parameters` is boot.parameters:
// [{key, half: 'what' | 'when', default}], in the order of the URL.
'use strict';
window.atlas = window.atlas || {};

window.atlas.state = (() => {
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  const text = (value) => (Array.isArray(value) ? value.join(',') : value === true ? '1' : String(value));

  // The same characters as Python's quote(..., safe=',').
  const encode = (value) => encodeURIComponent(value)
    .replace(/%2C/g, ',')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

  /** Shortest query of a selection; `half` keeps one half alone, `named` keys are written even at their default. */
  function toQuery(selection, parameters, half = null, named = []) {
    return parameters
      .filter((p) => half === null || p.half === half)
      .filter((p) => named.includes(p.key) ? selection[p.key] !== null : !same(selection[p.key], p.default))
      .map((p) => `${p.key}=${encode(text(selection[p.key]))}`)
      .join('&');
  }

  /** Address of a page with the shortest query of a selection. */
  function address(path, selection, parameters) {
    const query = toQuery(selection, parameters);
    return query ? `${path}?${query}` : path;
  }

  /** Query for links that must keep their meaning: the year and the dataset's version always in it. */
  function citedQuery(selection, parameters, version) {
    return toQuery({ ...selection, data: version }, parameters, null, ['year', 'data']);
  }

  /** A selection with one parameter back at its default, or one value of its list removed. */
  function without(selection, parameters, key, value = '') {
    const base = parameters.find((p) => p.key === key).default;
    const kept = value && Array.isArray(selection[key]) ? selection[key].filter((v) => v !== value) : base;
    return { ...selection, [key]: kept };
  }

  const clamp = (year, first, last) => Math.min(Math.max(year, first), last);
  const SPAN = 10; // years of a period, or between two years compared, where none was chosen yet

  /** A selection of one year, of a period, or of two years compared: `mode` is 'year', 'period' or 'compare'. */
  function inMode(selection, mode, first, last) {
    const year = mode === 'period' ? clamp(selection.year, Math.min(first + 1, last), last) : selection.year;
    const since = selection.since ?? clamp(year - SPAN + 1, first, year - 1);
    const compare = selection.compare ?? (year > first ? clamp(year - SPAN, first, last) : clamp(year + SPAN, first, last));
    return { ...selection, year, since: mode === 'period' && year > first ? since : null, compare: mode === 'compare' ? compare : null };
  }

  const modeOf = ({ since, compare }) => (since !== null ? 'period' : compare !== null ? 'compare' : 'year');

  /** One end of a period or comparison moved alone; a period keeps its start before its end. */
  function moveEnd(selection, end, year, first, last) {
    if (end === 'year') return { ...selection, year: clamp(year, selection.since === null ? first : selection.since + 1, last) };
    return { ...selection, [end]: clamp(year, first, end === 'since' ? selection.year - 1 : last) };
  }

  /** A selection with every filter, the focus, the period and the comparison removed; the year and the look stay. */
  function reset(selection, parameters) {
    const cleared = parameters.filter((p) => (p.half === 'what' && p.key !== 'dataset') || ['since', 'compare'].includes(p.key));
    return { ...selection, ...Object.fromEntries(cleared.map((p) => [p.key, p.default])) };
  }

  /** Moving the year in a period moves the whole window: [since, year], kept within coverage. */
  function moveYear(selection, year, first, last) {
    if (selection.since === null) return { ...selection, year: clamp(year, first, last) };
    const span = selection.year - selection.since;
    const end = clamp(year, first + span, last);
    return { ...selection, year: end, since: end - span };
  }

  return { same, toQuery, address, citedQuery, without, reset, inMode, modeOf, moveYear, moveEnd };
})();

// @ts-check
// The legend: classes as buttons that hide and show them, and what width, dashes, rings and symbols mean.
//
// Called by app.js at every step: atlas.legend.render(element, {payload, slice, colouring, hidden, onToggle(key)}).
//   slice      of atlas.slice; hidden a Set of class keys; onToggle is told the key of the class that was pressed
// Every class and look that occurs in the payload in any year stays listed, with 0 where it does not now: the legend
// is built once for a payload and colouring, keeps what it listed before, and a step only writes numbers. `entries` is pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.legend = (() => {
  const { atlas } = window;
  const built = new WeakMap(); // element -> {payload, colouring, rivals, buttons, counts, looks}

  const any = (column, test) => column.some(test);

  // What marks mean on a map by country (coarse.js).
  const BY_COUNTRY = [
    { id: 'bundle', label: 'all alliances between two countries, in the colour of most; wider: more' },
    { id: 'ring', label: 'within one country' },
    { id: 'point', label: 'groups of a country, area by their alliances' },
    { id: 'hollow', label: 'no alliance in view', count: 'unallied' },
  ];

  /** Looks that occur in the payload: [{id, label, count(slice) | null}], in the order of the key. */
  function entries(payload, rivals, listed = new Set(), coarse = false) {
    const { relationships: rows, groups, vocabulary } = payload;
    const tangible = vocabulary.types.reduce((bits, type, i) => (type.tangible ? bits | (1 << i) : bits), 0);
    const kinds = vocabulary.kinds.slice(0, vocabulary.kind.length);
    const named = (wide) => kinds.filter((kind) => kind.wide === wide).map((kind) => kind.label.toLowerCase()).join(', ');
    const precise = (name) => any(groups.precision, (p, g) => vocabulary.precisions[p] === name && groups.lon[g] !== null);
    const within = (a, i) => groups.lon[a] !== null && groups.lon[a] === groups.lon[rows.b[i]] && groups.lat[a] === groups.lat[rows.b[i]];
    const all = [
      { id: 'wide', label: named(true), here: named(true) !== '' && named(false) !== '' },
      { id: 'thin', label: named(false), here: named(true) !== '' && named(false) !== '' },
      { id: 'dashed', label: 'rhetorical only', count: 'dashedCount', here: any(rows.types, (t) => t !== 0 && (t & tangible) === 0) },
      { id: 'faint', label: 'low confidence', count: 'faintCount', here: any(rows.confidence, (c) => vocabulary.confidences[c] === 'low') },
      { id: 'grey', label: 'not coded', count: 'greyCount', here: any(rows.coded, (c) => c === 0) },
      { id: 'ring', label: 'within one place', count: 'withinCount', here: any(rows.a, within) },
      { id: 'rival', label: 'rivalry', count: 'rivalCount', here: rivals },
      { id: 'hollow', label: 'no alliance in view', count: 'unallied', here: payload.focus === null },
      { id: 'region', label: 'base known to the region', here: precise('region') },
      { id: 'country', label: 'to the country', here: precise('country') },
      { id: 'lost', label: 'not drawn: base unknown', count: 'notDrawnCount', here: any(groups.lon, (lon) => lon === null) },
    ];
    if (coarse) return BY_COUNTRY.concat(all.filter(({ id, here }) => here && ['rival', 'lost'].includes(id)));
    return all.filter(({ id, here }) => here || listed.has(id));
  }

  const classes = (payload, colouring, listed = new Set()) => payload.vocabulary[colouring]
    .map(({ key, label }, cls) => ({ key, label, cls }))
    .filter(({ key, cls }) => listed.has(key) || payload.series[colouring][cls].some((n) => n > 0));

  /** What an element lists already, of the same dataset: it stays, so that the map beside it keeps its place. */
  function listedIn(state, payload, colouring) {
    if (state?.payload.dataset.slug !== payload.dataset.slug) return { keys: new Set(), looks: new Set() };
    return { keys: new Set(state.colouring === colouring ? state.buttons.keys() : []), looks: state.looks };
  }

  function build(element, { payload, slice, colouring, onToggle }) {
    const listed = listedIn(built.get(element), payload, colouring);
    const { el } = atlas.dom;
    const rivals = slice.rivals.length > 0;
    const buttons = new Map();
    const counts = new Map();
    const list = classes(payload, colouring, listed.keys).map(({ key, label, cls }) => {
      const swatch = el('i', { className: 'swatch' });
      const count = el('span', { className: 'legend-count' });
      const button = el('button', {
        type: 'button', className: 'legend-class', onclick: () => onToggle(key),
      }, swatch, el('span', { className: 'legend-label' }, label), count);
      buttons.set(key, { button, count, cls, swatch });
      return button;
    });
    const coarse = atlas.coarse.applies(slice);
    const looks = entries(payload, rivals, listed.looks, coarse);
    const key = looks.map(({ id, label, count }) => {
      const number = el('span', { className: 'legend-number' });
      if (count) counts.set(count, number);
      return el('li', {}, el('i', { className: `legend-mark legend-mark-${id}`, 'aria-hidden': 'true' }), el('span', {}, label), number);
    });
    element.replaceChildren(
      el('div', { className: 'legend-classes', role: 'group', 'aria-label': 'Classes: press to hide or show' }, list),
      el('ul', { className: 'legend-key', 'aria-label': 'Lines and points' }, key),
    );
    const state = { payload, colouring, rivals, coarse, buttons, counts, looks: coarse ? listed.looks : new Set(looks.map(({ id }) => id)) };
    built.set(element, state);
    return state;
  }

  function render(element, options) {
    const { payload, slice, colouring, hidden } = options;
    const { setText } = atlas.dom;
    let state = built.get(element);
    const fresh = !state || state.payload !== payload || state.colouring !== colouring || (slice.rivals.length > 0 && !state.rivals)
      || state.coarse !== atlas.coarse.applies(slice);
    if (fresh) state = build(element, options);
    for (const [key, { button, count, cls, swatch }] of state.buttons) {
      const on = String(!hidden.has(key));
      if (button.getAttribute('aria-pressed') !== on) button.setAttribute('aria-pressed', on);
      const colour = atlas.colours.css(payload, colouring, cls);
      if (swatch.style.getPropertyValue('--swatch') !== colour) swatch.style.setProperty('--swatch', colour);
      setText(count, atlas.format.whole.format(slice.counts[cls]));
    }
    for (const [name, node] of state.counts) {
      const n = Array.isArray(slice[name]) ? slice[name].length : slice[name];
      setText(node, atlas.format.whole.format(n));
    }
  }

  return { render, entries, classes };
})();

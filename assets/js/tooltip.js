// @ts-check
// What the pointer is over, in words: text only, so that nothing from a file is ever read as markup.
//
// Called by app.js with what map.js and chart.js tell: atlas.tooltip.show(info | null, clientX, clientY).
//   info  {kind: 'tie', tie, payload, slice} | {kind: 'group', group, ...} | {kind: 'place', place, ...} |
//         {kind: 'rival', rival, ...} | {kind: 'year', year, payload, colouring, hidden}; null hides it
// describe(info) -> {title, lines: [text], rows: [{label, value, colour}]} is pure, show the thin shell.
'use strict';
window.atlas = window.atlas || {};

window.atlas.tooltip = (() => {
  const PAIRS = 6; // of a place
  const AWAY = 14; // px from the pointer
  const EDGE = 6; // px from the window's edge
  const PRECISION = {
    city: 'city or town', region: 'somewhere in this region', country: 'somewhere in this country', '': 'precision not stated',
  };
  const CONFIDENCE = { high: 'High confidence', medium: 'Medium confidence', low: 'Low confidence', '': 'Confidence not stated' };

  const { atlas } = window;
  const years = (first, last) => (first === last ? `${first}` : `${first}\u2013${last}`);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /** Who gave. */
  function direction(payload, rows, row) {
    const [a, b] = [atlas.names.of(payload, rows.a[row]), atlas.names.of(payload, rows.b[row])];
    return {
      mutual: 'Both gave', a_to_b: `${a} gave to ${b}`, b_to_a: `${b} gave to ${a}`, '': 'Who gave is not stated',
    }[payload.vocabulary.directions[rows.direction[row]]];
  }

  function types(payload, rows, row) {
    if (!rows.coded[row]) return 'Co-operation not coded';
    const found = payload.vocabulary.types.filter((_, i) => rows.types[row] & (1 << i)).map((type) => type.label.toLowerCase());
    return found.length ? capital(`${found.join(', ')} co-operation`) : 'No type of co-operation found';
  }

  const kind = (payload, rows, row) => payload.vocabulary.kinds[rows.kind[row]].label;
  const span = (rows, row) => years(rows.first_year[row], rows.last_year[row]);
  const pair = (payload, { a, b }) => `${atlas.names.of(payload, a)} \u2013 ${atlas.names.of(payload, b)}`;

  function tieOf({ tie, payload, slice }) {
    const rows = payload.relationships;
    const { row } = tie;
    return {
      title: pair(payload, tie),
      lines: [
        ...(slice?.colouring === 'change' ? [atlas.compare.words(tie)] : []),
        `${kind(payload, rows, row)}, ${span(rows, row)}`,
        types(payload, rows, row),
        direction(payload, rows, row),
        CONFIDENCE[payload.vocabulary.confidences[rows.confidence[row]]],
        ...tie.also.map((other) => `Also: ${kind(payload, rows, other).toLowerCase()}, ${span(rows, other)}, ${types(payload, rows, other).toLowerCase()}`),
      ],
    };
  }

  function groupOf({ group, payload, slice }) {
    const { first_year: first, last_year: last, place, precision } = payload.groups;
    const when = slice.when ?? (slice.since === null ? `in ${slice.year}` : `in ${years(slice.since, slice.year)}`);
    const allies = slice.degree[group];
    const base = PRECISION[payload.vocabulary.precisions[precision[group]]];
    return {
      title: atlas.names.of(payload, group),
      lines: [
        `Active ${years(first[group], last[group])}`,
        place[group] ? `${place[group]} (${base})` : capital(base),
        `${allies === 0 ? 'No ally' : allies === 1 ? '1 ally' : `${allies} allies`} in view ${when}`,
      ],
    };
  }

  function placeOf({ place, payload, slice }) {
    const ties = place.ties.map((i) => slice.ties[i]);
    const rest = ties.length - PAIRS;
    const words = ties.length === 1 ? '1 alliance' : `${ties.length} alliances`;
    return {
      title: `${payload.groups.place[ties[0].a] || 'One place'}: ${words} within it`,
      lines: [...ties.slice(0, PAIRS).map((tie) => pair(payload, tie)), ...(rest > 0 ? [`and ${rest} more`] : [])],
    };
  }

  function rivalOf({ rival, payload }) {
    const rows = payload.rivals;
    return {
      title: pair(payload, rival),
      lines: [rival.row, ...rival.also].map((row) => `${kind(payload, rows, row)}, ${span(rows, row)}`)
        .concat(CONFIDENCE[payload.vocabulary.confidences[rows.confidence[rival.row]]]),
    };
  }

  function yearOf({ year, payload, colouring, hidden }) {
    const at = year - payload.dataset.first_year;
    const total = payload.key_figures.alliances[at];
    return {
      title: `${year}: ${total} ${total === 1 ? 'alliance' : 'alliances'}`,
      lines: [],
      rows: payload.vocabulary[colouring]
        .map(({ label, key }, cls) => ({
          label: hidden.has(key) ? `${label} (hidden)` : label,
          value: payload.series[colouring][cls][at],
          colour: atlas.colours.css(payload, colouring, cls),
        }))
        .filter((row) => row.value > 0),
    };
  }

  const LISTS = location.pathname !== '/embed'; // a frame opens no lists
  const alliances = (n) => atlas.format.count(n, 'alliance', 'alliances');

  /** All alliances between two places, or within one, of a drawing by country (coarse.js), by class. */
  function bundleOf({ payload, slice }, tie) {
    const { name } = payload.groups;
    const classes = payload.vocabulary[slice.colouring];
    return {
      title: tie.place ? `${name[tie.a]}: ${alliances(tie.n)} within it` : `${name[tie.a]} \u2013 ${name[tie.b]}: ${alliances(tie.n)}`,
      lines: LISTS ? ['Click for the list of them'] : [],
      rows: classes.map(({ label }, cls) => ({ label, value: tie.counts[cls], cls }))
        .filter(({ value }) => value > 0)
        .map((row) => ({ ...row, colour: atlas.colours.css(payload, slice.colouring, row.cls) })),
    };
  }

  function countryOf({ group, payload, slice }) {
    const { allied, unallied, ends } = slice.coarse;
    const groups = (n) => atlas.format.count(n, 'group', 'groups');
    return {
      title: payload.groups.name[group],
      lines: [
        `${groups(allied[group])} allied, with ${atlas.format.count(ends[group], 'end', 'ends')} of alliances`,
        ...(unallied[group] ? [`${groups(unallied[group])} without an alliance in view`] : []),
        ...(LISTS ? ['Click for its alliances'] : []),
      ],
    };
  }

  const COARSE = {
    tie: (info) => bundleOf(info, info.tie),
    place: (info) => bundleOf(info, info.slice.ties[info.place.ties[0]]),
    group: countryOf,
    rival: ({ rival, payload }) => ({
      title: rival.a === rival.b ? payload.groups.name[rival.a] : `${payload.groups.name[rival.a]} \u2013 ${payload.groups.name[rival.b]}`,
      lines: [atlas.format.count(rival.n, 'rivalry', 'rivalries')],
    }),
  };
  const ABOUT = { tie: tieOf, group: groupOf, place: placeOf, rival: rivalOf, year: yearOf };
  const describe = (info) => ({ rows: [], ...((info.slice?.coarse && COARSE[info.kind]) || ABOUT[info.kind])(info) });

  /** Left and top for a box of w by h: beside and below the pointer, on its other side where the window ends. */
  function position(x, y, w, h, width, height) {
    const beside = x + AWAY + w + EDGE <= width ? x + AWAY : x - AWAY - w;
    const below = y + AWAY + h + EDGE <= height ? y + AWAY : y - AWAY - h;
    const left = Math.max(EDGE, Math.min(beside, width - w - EDGE));
    const top = Math.max(EDGE, Math.min(below, height - h - EDGE));
    // Held back by an edge it may reach the pointer: then it goes clear above or below.
    const covered = x >= left && x <= left + w && y >= top && y <= top + h;
    return [left, covered ? (y > height / 2 ? Math.max(0, y - AWAY - h) : y + AWAY) : top];
  }

  let box = null;
  let showing = null;

  function write({ title, lines, rows }) {
    const { el } = atlas.dom;
    box.replaceChildren(
      el('strong', { className: 'tooltip-title' }, title),
      ...lines.map((line) => el('span', { className: 'tooltip-line' }, line)),
      ...rows.map(({ label, value, colour }) => {
        const swatch = el('i', { className: 'swatch' });
        swatch.style.setProperty('--swatch', colour);
        return el('span', { className: 'tooltip-row' }, swatch, el('span', {}, label), el('b', {}, String(value)));
      }),
    );
  }

  /** Same thing under the pointer: the words can stay. */
  const sameAs = (info) => showing !== null && Object.keys(info).every((key) => info[key] === showing[key]);

  function show(info, x, y) {
    if (!info) {
      if (box) box.hidden = true;
      showing = null;
      return;
    }
    if (!box) {
      box = atlas.dom.el('div', { className: 'atlas-tooltip', 'aria-hidden': 'true' });
      document.body.append(box);
      addEventListener('keydown', (event) => { if (event.key === 'Escape') show(null, 0, 0); });
    }
    if (!sameAs(info)) write(describe(info));
    showing = info;
    box.hidden = false;
    const [left, top] = position(x, y, box.offsetWidth, box.offsetHeight, innerWidth, innerHeight);
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  return { show, describe, position };
})();

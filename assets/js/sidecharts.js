// @ts-check
// Charts beside the map: one measure family at a time, over all years, with the year's values and their definitions.
//
// Called by app.js: atlas.sidecharts.create(element, {onYear(year)})
// -> {show({key, query, colouring, payload, year}), setYear(year), resize, setTheme}.
//   key      of /api/measures/<key>.json, or null to show nothing
//   query    the what half of the view; colouring counts for `active` alone
// The numbers come from the server once for a choice of filters; a step in time moves a line and writes numbers.
'use strict';
window.atlas = window.atlas || {};

window.atlas.sidecharts = (() => {
  const { atlas } = window;
  const { el, setText } = atlas.dom;
  const format = atlas.format;
  const KEPT = 24;
  const MARGIN = { l: 6, r: 14, t: 8, b: 18 };
  const HEIGHT = { plot: 128, small: 54 };
  const LINES = 6; // groups whose degree is drawn over time
  const RANKED = 20; // groups listed
  const LOOKS = ['solid', '5px,3px', '2px,2px'];

  // What each chart is made of: `stack` lies one upon the other, `lines` side by side.
  const PLOTS = {
    active: [
      { title: 'Alliances, by class', kind: 'stack', measures: ['alliances'], phases: true },
      { title: 'Share of the year\u2019s alliances', kind: 'stack', measures: ['share'], top: 1 },
    ],
    content: [
      { title: 'Tangible against rhetorical', kind: 'lines', measures: ['tangible', 'rhetorical_only'], top: 1 },
      { title: 'With each type; these overlap', kind: 'lines', measures: ['with_type'], top: 1 },
      { title: 'Of how many', kind: 'lines', measures: ['coded'] },
    ],
    turnover: [{ title: 'Alliances formed and ended', kind: 'lines', measures: ['formed', 'ended'] }],
    reach: [
      { title: 'Distance of the bases', kind: 'lines', measures: ['median_km', 'p90_km'] },
      { title: 'Across borders and regions', kind: 'lines', measures: ['cross_border', 'inter_regional'], top: 1 },
      { title: 'Countries linked', kind: 'lines', measures: ['countries'] },
    ],
    network: ['nodes', 'edges', 'density', 'components', 'largest_component_share', 'clustering', 'centralisation', 'assortativity']
      .map((measure) => ({ kind: 'lines', measures: [measure], small: true })),
  };

  const value = (number, unit) => {
    if (number === null || number === undefined) return '\u2013';
    if (unit === 'number') return number.toFixed(Math.abs(number) < 0.1 ? 3 : 2);
    return format.figure(number, unit);
  };

  /** Rank of each group by its degree in a year among all groups, as the server gives it: Map split -> rank. */
  const ranks = (series, at) => new Map(series.filter((s) => s.values[at] > 0).map((s) => [s.split, s.ranks[at]]));

  function create(element, { onYear }) {
    const kept = new Map();
    let shown = null; // {key, query, colouring, payload, data}
    let year = null;
    let plots = []; // {node, cursor, rows: [{node, series, unit}]} of the chart on the page
    let asked = '';
    let overlay = false; // whether the article's figures lie over the chart of active alliances

    const token = (name) => atlas.colours.token(name, element);

    async function fetchData(key, query, colouring) {
      const full = [query, key === 'active' && colouring !== 'ideology' ? `colour=${colouring}` : ''].filter(Boolean).join('&');
      const address = `/api/measures/${key}.json${full ? `?${full}` : ''}`;
      if (!kept.has(address)) {
        kept.set(address, await (await atlas.answers.ask(address)).json());
        if (kept.size > KEPT) kept.delete(kept.keys().next().value);
      }
      return { data: kept.get(address), full };
    }

    /** Colour of a series: its class's where it has one, else the next of the palette. */
    function colourOf(series, place) {
      const { payload, key, colouring } = shown;
      const of = key === 'active' ? colouring : 'type';
      const cls = series.split ? payload.vocabulary[of].findIndex((entry) => entry.key === series.split) : -1;
      if (key !== 'degree' && cls >= 0) return atlas.colours.resolve(payload, of, cls, element);
      return place === 0 ? token('--accent') : token(`--class-${[2, 4, 1, 3, 5, 6, 7, 8][(place - 1) % 8]}`);
    }

    const axis = (width) => {
      const n = shown.data.series[0]?.values.length ?? 1;
      return { left: MARGIN.l, step: (width - MARGIN.l - MARGIN.r) / Math.max(1, n - 1) };
    };

    function layoutOf(plot, width, height, numbers) {
      const { first_year: first } = shown.data;
      const last = first + (shown.data.series[0]?.values.length ?? 1) - 1;
      const published = plot.phases && overlay ? shown.data.published.marks : [];
      const tops = [...numbers, ...published.map((mark) => mark.value ?? 0)];
      const [low, high] = [Math.min(0, ...numbers), (plot.top ?? Math.max(1e-9, ...tops)) * (plot.small ? 1.06 : 1.16)];
      const quoted = atlas.plotting.quoted(published, token('--panel'), element, 0.62);
      const marks = (plot.phases ? shown.data.phases ?? [] : []).filter(({ kind }) => kind !== 'rise');
      return {
        ...atlas.plotting.frame(width, height, plot.small ? { ...MARGIN, b: 4, t: 4 } : MARGIN, element),
        xaxis: {
          range: [first, last], fixedrange: true, showgrid: false, zeroline: false, tick0: 0, dtick: 20, ticks: 'outside', ticklen: 3,
          showticklabels: !plot.small, tickcolor: token('--line-strong'), showline: true, linecolor: token('--line-strong'), ticklabeloverflow: 'allow',
        },
        yaxis: {
          range: [low, high], fixedrange: true, nticks: 4, zeroline: low < 0, zerolinecolor: token('--line'), showticklabels: !plot.small,
          ticklabelposition: 'inside top', tickfont: { color: token('--quiet') }, ticklabeloverflow: 'allow', gridcolor: token('--line'), showgrid: !plot.small, layer: 'above traces',
          tickformat: plot.top === 1 ? '.0%' : '~s',
        },
        shapes: [...marks.map(({ first_year: at }) => ({
          type: 'line', x0: at, x1: at, yref: 'paper', y0: 0, y1: 1, line: { color: token('--quiet'), width: 1, dash: '2px,2px' },
        })), ...quoted.shapes],
        annotations: [...marks.map(({ kind, first_year: at }) => ({
          x: at, y: kind === 'lull' ? 0.86 : 1, yref: 'paper', yanchor: 'top', xanchor: at - first > (last - first) / 2 ? 'right' : 'left', showarrow: false,
          text: `${kind} ${at}`, font: { size: 10.5, color: token('--ink') }, bgcolor: token('--panel'), borderpad: 1,
        })), ...quoted.annotations],
      };
    }

    function traceOf(plot, series, place) {
      const { first_year: first } = shown.data;
      const x = series.values.map((_, i) => first + i);
      const colour = colourOf(series, place);
      if (plot.kind === 'stack') {
        return {
          type: 'scatter', mode: 'lines', x, y: series.values.map((v) => v ?? 0), stackgroup: 'all', hoverinfo: 'skip',
          fillcolor: colour, line: { width: 0.5, color: token('--panel') },
        };
      }
      const dash = plot.measures.length > 1 ? LOOKS[plot.measures.indexOf(series.measure) % 3] : LOOKS[Math.floor(place / 8) % 3];
      return { type: 'scatter', mode: 'lines', x, y: series.values, connectgaps: false, hoverinfo: 'skip', line: { width: 1.8, color: colour, dash } };
    }

    function plotNode(plot, series) {
      const height = plot.small ? HEIGHT.small : HEIGHT.plot;
      const width = Math.max(200, element.clientWidth);
      const canvas = el('div', { className: 'side-canvas' });
      const cursor = el('div', { className: 'side-cursor' });
      const node = el('div', { className: 'side-plot', role: 'img', 'aria-label': plot.title ?? series[0]?.label ?? '' }, canvas, cursor);
      node.style.height = `${height}px`;
      const numbers = plot.kind === 'stack' && series.length
        ? series[0].values.map((_, i) => series.reduce((sum, s) => sum + (s.values[i] ?? 0), 0))
        : series.flatMap((s) => s.values.filter((v) => v !== null));
      atlas.plotting.draw(canvas, series.map((s, i) => traceOf(plot, s, i)), layoutOf(plot, width, height, numbers));
      node.addEventListener('pointerdown', (event) => {
        const { left, step } = axis(node.clientWidth);
        const x = event.clientX - node.getBoundingClientRect().left;
        const n = shown.data.series[0].values.length;
        onYear(shown.data.first_year + Math.min(n - 1, Math.max(0, Math.round((x - left) / step))));
      });
      return { node, cursor };
    }

    const definition = (measure) => shown.data.definitions.find(({ key }) => key === measure);

    function row(plot, series, place) {
      const { unit, text } = definition(series.measure);
      const number = el('span', { className: 'side-value' });
      const swatch = el('i', { className: 'swatch' });
      swatch.style.setProperty('--swatch', colourOf(series, place));
      const told = series.split ? null : el('span', { className: 'side-definition' }, text);
      const node = el('li', {}, plot.small ? null : swatch, el('span', { className: 'side-label' }, series.label, told), number);
      return { node, number, series, unit };
    }

    /** Switch of the article's figures, and what they are once they are there. */
    function published() {
      const box = el('input', { type: 'checkbox', checked: overlay, className: 'side-published' });
      box.addEventListener('change', () => {
        overlay = box.checked;
        build();
        element.querySelector('.side-published').focus();
      });
      return [
        el('label', { className: 'side-overlay' }, box, 'Figures of the article'),
        overlay ? el('p', { className: 'side-definition' }, shown.data.published.note) : null,
      ];
    }

    function standard(key) {
      return PLOTS[key].map((plot) => {
        let series = shown.data.series.filter(({ measure }) => plot.measures.includes(measure));
        if (plot.kind === 'stack') series = series.filter(({ split }) => split);
        const { node, cursor } = plotNode(plot, series);
        const rows = series.map((s, i) => row(plot, s, i));
        const split = series.some((s) => s.split) ? el('p', { className: 'side-definition' }, definition(plot.measures[0]).text) : null;
        const list = el('ul', { className: 'side-legend' }, rows.map((r) => r.node));
        const parts = plot.small ? [list, node] : [el('h3', {}, plot.title), split, node, ...(plot.phases ? published() : []), list];
        return { root: el('section', { className: plot.small ? 'side-block side-small' : 'side-block' }, parts), node, cursor, rows };
      });
    }

    /** Groups by degree: rank now and ten years before, and the first few over time. */
    function ranked() {
      const at = year - shown.data.first_year;
      const now = ranks(shown.data.series, at);
      const before = at >= 10 ? ranks(shown.data.series, at - 10) : null;
      const best = shown.data.series.filter((s) => now.has(s.split)).sort((a, b) => b.values[at] - a.values[at] || (a.label < b.label ? -1 : 1)).slice(0, RANKED);
      const plot = { kind: 'lines', measures: ['degree'] };
      const drawn = best.slice(0, LINES);
      const { node, cursor } = plotNode(plot, drawn);
      const cell = (text, name) => el('td', { className: name }, text);
      const table = el('table', { className: 'side-ranks' },
        el('thead', {}, el('tr', {}, ['Rank', 'Group', 'Allies', `In ${year - 10}`].map((text) => el('th', { scope: 'col' }, text)))),
        el('tbody', {}, best.map((s, i) => {
          const swatch = el('i', { className: 'swatch', 'aria-hidden': 'true' });
          if (i < LINES) swatch.style.setProperty('--swatch', colourOf(s, i));
          const name = el('button', { type: 'button', className: 'group-link', dataset: { action: 'open-group', group: s.split } }, s.label);
          return el('tr', {}, cell(String(now.get(s.split)), 'number'), el('td', {}, el('span', { className: 'side-ranked' }, i < LINES ? swatch : null, name)), cell(String(s.values[at]), 'number'),
            cell(before === null ? '\u2013' : before.has(s.split) ? `${before.get(s.split)}.` : 'none', 'number'));
        })));
      const text = el('p', { className: 'side-definition' }, definition('degree').text, ' Equal ones share a rank; the last column is the rank ten years before.');
      const root = el('section', { className: 'side-block' }, el('h3', {}, `The first ${drawn.length} over time`), node, text, table);
      return [{ root, node, cursor, rows: [] }];
    }

    function build() {
      const { key, data, full, payload } = shown;
      if (data.series.length === 0) { plots = []; element.replaceChildren(el('p', { className: 'none' }, 'No alliance passes the filters in any year.')); return; }
      plots = key === 'degree' ? ranked() : standard(key);
      const phases = data.phases?.length ? [el('section', { className: 'side-block' },
        el('h3', {}, 'Phases'),
        el('ul', { className: 'side-phases' }, data.phases.map((p) => el('li', {}, p.first_year === p.last_year ? `${p.kind}: ${p.first_year}` : `${p.kind}: ${p.first_year}\u2013${p.last_year}`))),
        el('p', { className: 'side-definition' }, data.rule))] : [];
      const d = payload.dataset;
      element.replaceChildren(
        el('h2', {}, data.title),
        ...plots.map(({ root }) => root), ...phases,
        el('p', { className: 'side-source' },
          el('a', { className: 'action action-quiet', href: `/api/measures/${key}.csv${full ? `?${full}` : ''}`, download: '' }, 'These numbers as CSV'),
          ` Source: ${d.title}, version ${d.version}.`),
      );
      place();
    }

    function place() {
      if (!shown || year === null) return;
      const at = year - shown.data.first_year;
      const { left, step } = axis(Math.max(200, element.clientWidth));
      for (const { cursor, rows } of plots) {
        cursor.style.transform = `translateX(${left + at * step}px)`;
        for (const { number, series, unit } of rows) setText(number, value(series.values[at], unit));
      }
    }

    async function show({ key, query, colouring, payload, year: when }) {
      year = when;
      element.hidden = key === null;
      if (key === null) { shown = null; asked = ''; plots = []; element.replaceChildren(); return; }
      const wish = JSON.stringify([key, query, key === 'active' ? colouring : '']);
      if (wish === asked && shown) { shown.payload = payload; build(); return; }
      asked = wish;
      try {
        const { data, full } = await fetchData(key, query, colouring);
        if (wish !== asked) return; // overtaken by a later choice
        shown = { key, query, colouring, payload, data, full };
        build();
      } catch (error) {
        if (wish !== asked) return;
        console.warn(`atlas.sidecharts.show(${key}): ${error.message}`);
        shown = null;
        asked = '';
        element.replaceChildren(el('p', { className: 'none' }, 'This chart could not be loaded; check the connection and choose it again.'));
      }
    }

    return {
      show,
      setYear(next) {
        if (next === year) return;
        year = next;
        if (shown?.key === 'degree') build();
        else place();
      },
      resize: () => shown && build(),
      setTheme: () => shown && build(),
    };
  }

  return { create, ranks, value };
})();

// @ts-check
// The page of one group: its ties on a map, its charts, the view's query on its links, and its looks on paper.
//
// Starts by itself: it asks for the record and the payload at once, and puts them in as soon as the page stands. What it
// needs besides is in data attributes of the page and the record:
//   data-group      on the record's place: the group's id
//   data-ego        {axis: [first, last], first, values, unit} of a chart: a value for each year from `first`; null is of nothing
//   data-keep       on a link: 'view' keeps the whole view, 'dataset' the dataset alone; data-view names what is set besides
//   data-permalink  on the address that can be copied
// steps, fitted and layout are pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.group = (() => {
  const { atlas } = window;
  const { el, byId, toAnchor, whenThere } = atlas.dom;
  const { selection, parameters, notices, version } = JSON.parse(byId('atlas-boot').textContent);
  const AROUND = 1.45; // room about the ties
  const CLOSEST = 12; // no nearer at first: ties within one town say nothing of where it is
  const PAPER = '660px'; // width of map and charts in print: fits A4 and Letter
  const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const token = (name) => atlas.colours.token(name);

  // ---- links ----------------------------------------------------------------------------------------------------------

  const plain = () => Object.fromEntries(parameters.map((p) => [p.key, p.key === 'dataset' ? selection.dataset : p.default]));
  const withQuery = (path, chosen) => atlas.state.address(path, chosen, parameters);
  const groupAddress = (id) => withQuery(`/group/${encodeURIComponent(id)}`, { ...selection, data: null });
  const permalink = (id) => location.origin + withQuery(`/group/${encodeURIComponent(id)}`, { ...plain(), data: version });

  function links(root) {
    for (const node of root.querySelectorAll('[data-keep]')) {
      const kept = node.dataset.keep === 'view' ? { ...selection, data: null } : plain();
      node.href = withQuery(new URL(node.href).pathname, { ...kept, ...JSON.parse(node.dataset.view ?? '{}') });
    }
    for (const node of root.querySelectorAll('[data-permalink]')) node.textContent = permalink(node.dataset.permalink);
  }

  // ---- charts -----------------------------------------------------------------------------------------------------------

  /** Outline of bars without gaps between them: a step for each year that has a value. */
  function steps({ first, values }) {
    const [x, y] = [[], []];
    values.forEach((value, i) => {
      x.push(first + i - 0.5, first + i + 0.5);
      y.push(value, value);
    });
    return { x, y };
  }

  function layout({ axis: [from, to], values, unit }, width, height) {
    const most = Math.max(0, ...values.filter((v) => v !== null));
    const top = unit === 'share' ? 1 : Math.max(2, most);
    return {
      ...atlas.plotting.frame(width, height, { l: 36, r: 12, t: 8, b: 22 }),
      xaxis: {
        range: [from - 0.5, to + 0.5], fixedrange: true, showgrid: false, zeroline: false, showline: true, linecolor: token('--line-strong'),
        ticks: 'outside', ticklen: 3, tickcolor: token('--line-strong'), nticks: 6, tickformat: 'd', ticklabeloverflow: 'allow',
        ...(to - from < 12 ? { dtick: 2, tick0: from } : {}),
      },
      yaxis: {
        range: [0, top * 1.06], fixedrange: true, zeroline: false, gridcolor: token('--line'), ticklabeloverflow: 'allow',
        ...(unit === 'share' ? { tickvals: [0, 0.5, 1], tickformat: '.0%' } : { dtick: STEPS.find((step) => top / step <= 5) ?? top, tick0: 0, tickformat: 'd' }),
      },
    };
  }

  function draw(node) {
    const spec = JSON.parse(node.dataset.ego);
    const colour = token('--accent');
    const trace = {
      type: 'scatter', mode: 'lines', ...steps(spec), connectgaps: false, hoverinfo: 'skip', fill: 'tozeroy', fillcolor: atlas.plotting.faded(colour),
      line: { width: 1.6, color: colour, shape: 'linear' },
    };
    const canvas = node.firstElementChild ?? node.appendChild(el('div'));
    return atlas.plotting.draw(canvas, [trace], layout(spec, node.clientWidth, node.clientHeight));
  }

  const charts = () => document.querySelectorAll('[data-ego]').forEach(draw);

  // ---- the map ------------------------------------------------------------------------------------------------------------

  /** Extent that shows all of some places, [[lon, lat]], in a panel of w by h; null for none. */
  function fitted(places, w, h) {
    const { wrap, height, latitude, view, width, rounded } = atlas.projection;
    if (places.length === 0) return null;
    const [own] = places;
    const turns = places.map(([lon]) => wrap(lon - own[0]));
    const lon = own[0] + (Math.min(...turns) + Math.max(...turns)) / 2;
    const ys = places.map(([, lat]) => height(lat));
    const lat = latitude((Math.min(...ys) + Math.max(...ys)) / 2);
    const xs = places.map(([aLon, aLat]) => Math.abs(wrap(aLon - lon)) * width(aLat));
    const { pixels } = view([lon, lat, 1], w, h); // per unit at scale 1
    const wide = w / (2 * Math.max(...xs) * pixels * AROUND);
    const tall = h / ((Math.max(...ys) - Math.min(...ys)) * pixels * AROUND);
    return rounded([lon, lat, Math.min(wide, tall, CLOSEST)]);
  }

  function mapOf(element, payload) {
    const { groups, relationships, rivals } = payload;
    const own = groups.id.indexOf(id);
    const located = (rows) => rows.a.flatMap((a, i) => [a, rows.b[i]]).filter((g) => groups.lon[g] !== null);
    const ends = [...new Set([...(groups.lon[own] === null ? [] : [own]), ...located(relationships), ...located(rivals)])];
    const places = ends.map((g) => [groups.lon[g], groups.lat[g]]);
    const hidden = new Set();
    const years = ['first_year', 'last_year'].map((key) => [groups[key][own], ...relationships[key], ...rivals[key]]);
    const when = { since: Math.min(...years[0]), year: Math.max(...years[1]) };

    const map = atlas.map.create(element, {
      payload, embed: true,
      onGroup: (g) => { if (g !== own) location.assign(groupAddress(groups.id[g])); },
      // Points that a click cannot tell apart come apart nearer by.
      onStack: ([g]) => map.setExtent([groups.lon[g], groups.lat[g], Math.min(atlas.projection.MAX_SCALE, (map.extent()?.[2] ?? 1) * 3)]),
      hover: (info, x, y) => atlas.tooltip.show(info, x, y),
    });
    const fit = () => map.setExtent(fitted(places, element.clientWidth, element.clientHeight));
    function show() {
      const slice = atlas.slice(payload, { ...when, colouring: selection.colour, hidden, rivals: true });
      const shown = map.update(slice);
      atlas.legend.render(byId('atlas-group-legend'), {
        payload, slice, colouring: selection.colour, hidden,
        onToggle: (key) => { if (!hidden.delete(key)) hidden.add(key); show(); },
      });
      return shown;
    }
    // The first drawing makes the ground; only then can it be moved.
    const ready = show().then(fit).then(() => map.highlight(own));
    new ResizeObserver(() => map.resize()).observe(element);
    return { map, fit, show, ready };
  }

  // ---- paper ---------------------------------------------------------------------------------------------------------------

  let shown = null; // the map, once it is there

  function again() {
    charts();
    if (shown) { shown.map.setTheme(); shown.show(); }
  }

  /** In print: light, and as wide as paper is. Browsers lay a page out for paper only after the scripts have run. */
  function paper(on) {
    const root = document.documentElement;
    if (on === root.classList.contains('printing')) return;
    root.classList.toggle('printing', on);
    if (on) {
      root.dataset.screenTheme = root.dataset.bsTheme;
      root.dataset.bsTheme = 'light';
    } else if (root.dataset.screenTheme) root.dataset.bsTheme = root.dataset.screenTheme;
    root.style.setProperty('--paper-width', PAPER);
    again();
  }

  // ---- mounting --------------------------------------------------------------------------------------------------------------

  const actions = {
    'group-zoom-in': () => shown?.map.zoom(1.6),
    'group-zoom-out': () => shown?.map.zoom(1 / 1.6),
    'group-zoom-home': () => shown?.fit(),
    'group-link': () => atlas.dialogs.show(
      'Link to this record', 'With the dataset\u2019s version, so that it keeps its meaning.', permalink(id), 3,
    ),
  };

  const id = decodeURIComponent(location.pathname.slice('/group/'.length));
  const what = atlas.state.toQuery({ ...plain(), group: id }, parameters, 'what');

  async function ask(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return answer;
  }

  // Asked for before Dash has even begun: the page waits for the slower of the two.
  const record = ask(`/api/record?${what}`).then((answer) => answer.text());
  const payload = ask(`/api/payload?${what}`).then((answer) => answer.json());
  for (const one of [record, payload]) one.catch(() => { /* said by mount, which waits for it */ });

  /** Put in what was asked for; what did not come is said in its place. */
  async function putIn(answer, place, use, otherwise) {
    try {
      await use(await answer);
    } catch (error) {
      console.warn(`atlas.group.mount(${id}): ${error.message}`);
      place().replaceChildren(el('p', { className: 'none' }, otherwise));
    }
  }

  async function mount(element) {
    const told = document.querySelector('.group-notices');
    told.hidden = notices.length === 0;
    told.replaceChildren(el('ul', {}, notices.map((notice) => el('li', {}, notice))));
    await putIn(record, () => element, (text) => {
      element.innerHTML = text; // the server's own, escaped; see components/markup.py
      links(element);
      charts();
    }, 'The record could not be loaded; check the connection and reload the page.');
    const place = byId('atlas-group-map');
    if (place) {
      await putIn(payload, () => place, (value) => { shown = mapOf(place, value); return shown.ready; },
        'The map could not be loaded; check the connection and reload the page.');
    }
    document.documentElement.classList.add('ready');
    // The record came after the address was read: a link to one of its sources has to be followed anew.
    toAnchor();
  }

  let mounted = false;
  whenThere(() => window.Plotly && byId('atlas-group-record'), (element) => { mounted = true; mount(element); });

  let asked = 0;
  const soon = (what) => { cancelAnimationFrame(asked); asked = requestAnimationFrame(what); };
  new MutationObserver(() => { if (mounted) again(); }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
  addEventListener('resize', () => soon(charts));
  addEventListener('beforeprint', () => paper(true));
  addEventListener('afterprint', () => paper(false));
  matchMedia('print').addEventListener('change', (event) => paper(event.matches));
  document.addEventListener('click', (event) => {
    const node = event.target.closest('[data-action]');
    if (node) actions[node.dataset.action]?.();
  });

  return { steps, layout, fitted, permalink };
})();

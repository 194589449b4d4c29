// @ts-check
// The shell: holds the one selection, fetches the payload, and tells the parts. It alone touches history and the network.
//
// Two ways in. *What* is in view changes by `changeWhat` (one GET of /api/payload); *when* and how it is looked at by
// `changeWhen` (nothing leaves the browser). Dash calls the functions that dash_clientside.atlas names.
'use strict';
window.atlas = window.atlas || {};

window.atlas.app = (() => {
  const { answers, state, panels, format, dialogs, card } = window.atlas;
  const { byId, setText } = window.atlas.dom;
  const KEPT = 8; // payloads kept in memory, so that taking a filter back costs no request
  const REST_MS = 300; // a year that stands this long is told to the URL, the live region and the period's figures

  const SLOW_MS = 250; // an answer that takes longer dims the map; a quick one does not flicker

  const embedded = location.pathname === '/embed';
  const draws = embedded || location.pathname === '/';
  const boot = JSON.parse(byId('atlas-boot').textContent);
  const parameters = boot.parameters;
  let selection = boot.selection;
  let payload = null;
  let slice = null;
  let sentence = '';
  let parts = null; // {stage, chart, timeline, slider, figures, beside} once mounted
  let rest = 0;
  let slow = 0;
  let fetching = null;
  const kept = new Map();
  const told = new Map(Object.entries(selection)); // what each of Dash's controls shows; at first the page's selection

  // ---- the payload ------------------------------------------------------------------------------------------

  const whatQuery = (s) => state.toQuery(s, parameters, 'what');

  async function fetchAs(read, address, signal = null) {
    return read(await answers.ask(address, { signal }));
  }

  const fetchJson = (address, signal) => fetchAs((answer) => answer.json(), address, signal);
  const unpacked = async (answer) => window.atlas.columns.read(await answer.arrayBuffer());
  const names = window.atlas.names.create(() => fetchJson(`/api/names?dataset=${encodeURIComponent(selection.dataset)}`));

  async function fetchPayload(query) {
    if (kept.has(query)) return kept.get(query);
    fetching?.abort();
    fetching = new AbortController();
    const asked = query ? `?${query}` : '';
    const value = await (boot.packed ? fetchAs(unpacked, `/api/packed${asked}`, fetching.signal) : fetchJson(`/api/payload${asked}`, fetching.signal));
    kept.set(query, value);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return value;
  }

  /** The names that a packed payload leaves out, for whatever needs more than the leading ones; then `use` is called. */
  async function named(use) {
    const mine = payload;
    try {
      await names.want(mine);
      if (mine === payload) use();
    } catch (error) {
      console.warn(`atlas.app.named: ${error.message}`);
      panels.notices(['The names of the groups could not be loaded; check the connection and try again.']);
    }
  }

  /** Load the selection's payload and show it; on failure the last good view stays. */
  async function load() {
    const query = whatQuery(selection);
    const root = document.documentElement;
    root.setAttribute('aria-busy', 'true');
    clearTimeout(slow);
    slow = setTimeout(() => root.classList.add('loading'), SLOW_MS);
    try {
      const next = await fetchPayload(query);
      if (query !== whatQuery(selection)) return; // overtaken by a later choice
      payload = next;
      showWhat();
    } catch (error) {
      if (error.name === 'AbortError') return;
      console.warn(`atlas.app.load(${query}): ${error.message}`);
      panels.notices(['The data could not be loaded; what you see is the last view that could. Check the connection and try again.']);
    } finally {
      if (query === whatQuery(selection)) {
        clearTimeout(slow);
        root.removeAttribute('aria-busy');
        root.classList.remove('loading');
      }
    }
  }

  // The page is opened anew where it stands, in the year that was the default too; the version that it was opened with
  // makes the server say what has happened.
  answers.onReplaced(() => location.replace(`${location.pathname}?${state.citedQuery(selection, parameters, boot.version)}`));

  // ---- history ------------------------------------------------------------------------------------------------

  const address = () => state.address(location.pathname, selection, parameters);

  /** `push` for a deliberate choice, `replace` while dragging and playing. */
  function remember(how) {
    const url = address();
    if (how === 'push' && url !== location.pathname + location.search) history.pushState(selection, '', url);
    else history.replaceState(selection, '', url);
  }

  addEventListener('popstate', (event) => {
    if (!event.state || !parts) return;
    const before = whatQuery(selection);
    selection = event.state;
    parts.timeline.pause();
    parts.stage.setExtent(selection.map);
    syncControls();
    if (whatQuery(selection) !== before) load(); else { showWhen(); showChart(); }
    showCard();
  });

  // ---- changes --------------------------------------------------------------------------------------------------

  function changeWhat(next, how = 'push') {
    // A link's version speaks of the view that it was made for, not of what is chosen after it.
    selection = { ...next, data: null };
    remember(how);
    syncControls();
    return load();
  }

  function changeWhen(next, how = 'push') {
    const recoloured = next.colour !== selection.colour || !state.same(next.hide, selection.hide) || next.rivals !== selection.rivals;
    selection = { ...next, data: null };
    if (how !== 'later') remember(how);
    if (recoloured) { syncControls(); showLook(); }
    showWhen();
    if (recoloured) showChart();
  }

  function goTo(year, how = 'later') {
    if (!payload) return;
    const { first_year: first, last_year: last } = payload.dataset;
    const next = state.moveYear(selection, year, first, last);
    if (next.year === selection.year && next.since === selection.since) return;
    changeWhen(next, how);
  }

  /** One end of a period or comparison was moved alone: `end` is 'year', 'since' or 'compare'. */
  function goEnd(end, year) {
    const { first_year: first, last_year: last } = payload.dataset;
    const next = state.moveEnd(selection, end, year, first, last);
    if (state.same(next, selection)) showWhen(); // the thumb goes back to where it may stand
    else changeWhen(next, 'later');
  }

  /**
   * A control was used. It is read here, as the click begins, and not by a Dash callback: Dash tells its whole page of
   * every change, several times, and that takes it longer than the answer takes the server.
   */
  function fromControl(input) {
    const box = input.closest('[id^="{"]');
    const id = box && JSON.parse(box.id);
    if (!parts || id?.type !== 'control') return;
    const { key } = id;
    const value = input.type === 'radio' ? input.value : input === box ? input.checked
      : inVocabularyOrder(key, [...box.querySelectorAll('input:checked')].map((one) => one.value));
    told.set(key, value);
    const next = { ...selection, [key]: value };
    if (key === 'colour') next.hide = [];
    if (state.same(next, selection)) return;
    if (whatQuery(next) !== whatQuery(selection)) changeWhat(next);
    else changeWhen(next);
  }

  function inVocabularyOrder(key, values) {
    const order = Object.keys(payload?.facets[key] ?? {});
    return [...values].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  }

  /** The other way: a selection from a link, the history or a chip shows in the controls. */
  function syncControls() {
    if (embedded) return;
    const shown = ['ideology', 'ends', 'type', 'types', 'kind', 'region', 'confidence', 'crossborder', 'rivals', 'colour'];
    for (const key of shown) {
      if (state.same(told.get(key), selection[key])) continue; // Dash works through its page for each one told
      told.set(key, selection[key]);
      window.dash_clientside.set_props({ type: 'control', key }, { value: selection[key] });
    }
    for (const node of document.querySelectorAll('[data-action=preset]')) {
      const on = node.dataset.type === selection.type.join(',') && (node.dataset.type === '' || node.dataset.types === selection.types);
      node.setAttribute('aria-pressed', String(on));
    }
    for (const node of document.querySelectorAll('.filter-folded')) {
      if (selection[node.dataset.filter]?.length) node.open = true;
    }
  }

  // ---- showing ----------------------------------------------------------------------------------------------------

  const hiddenSet = () => new Set(selection.hide);
  const yearIndex = (year) => year - payload.dataset.first_year;

  function makeSlice(year = selection.year, since = selection.since) {
    return window.atlas.slice(payload, { since, year, colouring: selection.colour, hidden: hiddenSet(), rivals: selection.rivals });
  }

  /** After a new payload: all parts. */
  function showWhat() {
    if (!parts || !payload) return;
    names.fill(payload);
    parts.stage.setPayload(payload);
    parts.chart.setPayload(payload);
    panels.chips(payload, selection);
    showLook();
    showWhen();
    showChart();
    parts.stage.highlight(cardRow());
  }

  /** After a new colouring or hidden class. */
  function showLook() {
    if (!parts || !payload) return;
    parts.chart.setColouring(selection.colour, hiddenSet());
    panels.swatches(payload, selection.colour, (place) => window.atlas.colours.css(payload, selection.colour, place));
    setText(byId('atlas-caption'), `Active alliances a year, ${boot.colourings[selection.colour]}`);
  }

  function hiddenLabels() {
    return payload.vocabulary[selection.colour].filter((entry) => selection.hide.includes(entry.key)).map((entry) => entry.label);
  }

  /** The chart beside the map, in place of the overview. */
  function showChart() {
    if (embedded || !parts || !payload) return;
    const { chart: key, colour: colouring, year } = selection;
    byId('atlas-overview').hidden = key !== null;
    for (const tab of document.querySelectorAll('.side-tab')) tab.setAttribute('aria-pressed', String(tab.dataset.chart === (key ?? '')));
    parts.beside.show({ key, query: whatQuery(selection), colouring, payload, year });
  }

  /** Slices of the other year and of the difference where two years are compared, else null. */
  function compared() {
    if (selection.compare === null) return null;
    const then = makeSlice(selection.compare, null);
    return { then, difference: window.atlas.compare.difference(slice, then, payload.groups) };
  }

  /** After a step in time: slice, marks, numbers. No request, and no work that the year does not ask for. */
  function showWhen() {
    if (!parts || !payload) return;
    const { year, since, compare } = selection;
    slice = makeSlice();
    const comparison = compared();
    parts.chart.setYear(year, since, compare);
    parts.timeline.set(year);
    const n = slice.ties.length;
    const changes = comparison && window.atlas.compare.tally(comparison.difference, compare);
    sentence = panels.words(payload, selection, { alliances: n, allied_groups: slice.allied.length }, hiddenLabels(), changes);
    const other = since !== null ? { year: since, name: 'Start of the period' } : compare !== null ? { year: compare, name: 'Compared with' } : null;
    parts.slider.set(year, `${year}, ${format.count(n, 'alliance', 'alliances')}`, other);
    setText(byId('atlas-year'), compare === null ? format.span(selection) : `${compare} \u2194 ${year}`);
    card.setYear(year);
    window.atlas.legend.render(byId('atlas-legend'), {
      payload, slice, colouring: selection.colour, hidden: hiddenSet(), onToggle: toggleClass,
    });
    if (!embedded) {
      showModes();
      if (selection.chart === null) showGroups();
      parts.beside.setYear(year);
      parts.figures.show({ payload, selection, slice, then: comparison?.then ?? null });
    }
    showEmpty(comparison ? comparison.difference.ties.length : n);
    // Last: words and legend take what room they need, and the stage is drawn once, at the size that is left to it.
    parts.stage.update({ view: selection.view, slice, comparison });
    clearTimeout(rest);
    rest = setTimeout(atRest, REST_MS);
  }

  /** The list of groups; of a period or two years it can hold some that no year alone names. */
  function showGroups() {
    const unnamed = panels.groups(payload, slice);
    if (unnamed && names.lacking(payload)) named(showGroups);
  }

  /** Which of map and network stands on the stage, and whether it shows a year, a period or two years. */
  function showModes() {
    const press = (node, on) => { if (node.getAttribute('aria-pressed') !== String(on)) node.setAttribute('aria-pressed', String(on)); };
    for (const node of document.querySelectorAll('[data-action=mode]')) press(node, node.dataset.mode === state.modeOf(selection));
    for (const node of document.querySelectorAll('[data-action=view]')) press(node, node.dataset.view === selection.view);
    const choice = byId('atlas-view');
    if (choice.hidden !== (selection.compare !== null)) choice.hidden = selection.compare !== null;
  }

  function showEmpty(n) {
    if (n > 0) { panels.empty(payload, selection, null, null); return; }
    const at = yearIndex(selection.year);
    const left = Object.fromEntries(Object.entries(payload.loosen).map(([key, counts]) => [key, counts[at]]));
    const total = payload.key_figures.alliances;
    let nearest = null;
    total.forEach((count, i) => {
      const year = i + payload.dataset.first_year;
      if (count > 0 && (nearest === null || Math.abs(year - selection.year) < Math.abs(nearest - selection.year))) nearest = year;
    });
    panels.empty(payload, selection, left, nearest);
  }

  /** Once the year stands still: the URL, the live region, and a period's figures from the server. */
  function atRest() {
    remember('replace');
    setText(byId('atlas-live'), sentence);
    if (embedded) return;
    if (state.modeOf(selection) !== 'year') panels.chips(payload, selection);
    parts.figures.rest({ payload, selection, slice });
  }

  function toggleClass(key) {
    const order = payload.vocabulary[selection.colour].map((entry) => entry.key);
    const hide = selection.hide.includes(key) ? selection.hide.filter((k) => k !== key) : [...selection.hide, key];
    changeWhen({ ...selection, hide: hide.sort((a, b) => order.indexOf(a) - order.indexOf(b)) });
  }

  // ---- the card -----------------------------------------------------------------------------------------------------

  function openGroup(id) {
    card.opened();
    byId('atlas-stack')?.setAttribute('hidden', '');
    selection = { ...selection, card: id };
    remember('push');
    showCard();
  }

  function closeCard() {
    selection = { ...selection, card: null };
    remember('push');
    showCard();
    card.closed();
  }

  /** The open card's group among those of the payload, or null: the filters may leave it out. */
  function cardRow() {
    const row = payload?.groups.id.indexOf(selection.card) ?? -1;
    return row < 0 ? null : row;
  }

  function showCard() {
    const row = cardRow();
    parts?.stage.highlight(row);
    if (parts && row === null && selection.card !== null && names.lacking(payload)) named(() => parts.stage.highlight(cardRow()));
    card.show(selection);
  }

  // ---- mounting -----------------------------------------------------------------------------------------------------

  function alignSlider() {
    if (!parts || !payload) return;
    const chart = byId('atlas-chart');
    parts.slider.align(window.atlas.chart.axis(chart.clientWidth, payload));
  }

  const plotlyReady = () => new Promise((resolve) => {
    if (window.Plotly) resolve();
    else addEventListener('DOMContentLoaded', () => resolve(), { once: true });
  });

  /** Build the parts once their places and the payload are there. */
  async function mount(first) {
    if (parts || !byId('atlas-map')) return;
    try {
      payload = await first;
    } catch (error) {
      console.warn(`atlas.app.mount: ${error.message}`);
      panels.notices(['The data could not be loaded. Reload the page to try again.']);
      return;
    }
    await plotlyReady();
    if (parts) return;
    const { first_year: firstYear, last_year: lastYear } = payload.dataset;
    const pointer = { x: 0, y: 0 };
    addEventListener('pointermove', (event) => Object.assign(pointer, { x: event.clientX, y: event.clientY }), { passive: true });
    const stage = window.atlas.stage.create(byId('atlas-stage'), {
      payload,
      layout: () => fetchJson(`/api/layout?dataset=${encodeURIComponent(selection.dataset)}`),
      embed: embedded,
      onGroup: (g) => (embedded ? undefined : named(() => openGroup(payload.groups.id[g]))),
      onStack: (rows) => (embedded ? undefined : named(() => panels.stack(payload, slice, rows, pointer.x, pointer.y))),
      onBundle: (title, ties, x = pointer.x, y = pointer.y) => (embedded ? undefined
        : named(() => panels.bundle(payload, title, ties, state.address('/data', selection, parameters), x, y))),
      onExtent: (extent) => {
        selection = { ...selection, map: extent };
        clearTimeout(rest);
        rest = setTimeout(atRest, REST_MS);
      },
      hover: (info, x, y) => window.atlas.tooltip.show(info, x, y),
    });
    const chart = window.atlas.chart.create(byId('atlas-chart'), {
      payload, compact: embedded, onYear: (year) => { timeline.pause(); goTo(year); },
    });
    const slider = window.atlas.slider.create(byId('atlas-slider'), {
      first: firstYear, last: lastYear, onYear: (year) => { timeline.pause(); goEnd('year', year); },
      onOther: (year) => { timeline.pause(); goEnd(selection.since !== null ? 'since' : 'compare', year); },
    });
    const timeline = window.atlas.timeline.create({
      first: firstYear, last: lastYear, year: selection.year,
      onYear: (year) => goTo(year),
      onPlaying: showPlaying,
    });
    const beside = embedded ? null : window.atlas.sidecharts.create(byId('atlas-side-chart'), {
      onYear: (year) => { timeline.pause(); goTo(year, 'push'); },
    });
    const figures = embedded ? null : window.atlas.figures.create({
      specs: boot.figures, parameters, sliceOf: (since, year) => makeSlice(year, since),
    });
    parts = { stage, chart, slider, timeline, beside, figures };
    stage.setExtent(selection.map);
    alignSlider();
    showWhat();
    syncControls();
    showCard();
    panels.notices(boot.notices);
    // Whoever points at the map may soon ask what stands there.
    byId('atlas-stage').addEventListener('pointerenter', () => { if (names.lacking(payload)) named(() => {}); });
    if (!embedded) {
      window.atlas.search.create(byId('atlas-search'), byId('atlas-search-list'), { dataset: () => selection.dataset, onGroup: openGroup });
      byId('atlas-speed').addEventListener('change', (event) => timeline.speed(Number(event.target.value)));
      timeline.speed(Number(byId('atlas-speed').value));
    }
    new ResizeObserver(() => { stage.resize(); chart.resize(); alignSlider(); }).observe(byId('atlas-map').parentElement);
    history.replaceState(selection, '', address());
    document.documentElement.classList.add('ready');
  }

  function showPlaying(playing) {
    const button = document.querySelector('[data-action=play]');
    if (!button) return;
    const said = playing ? 'Pause' : 'Play the years';
    button.setAttribute('aria-label', said);
    button.title = said;
    button.firstElementChild.className = `icon icon-${playing ? 'pause' : 'play'}`;
  }

  // ---- actions: one table for everything that carries a data-action ------------------------------------------------

  const context = () => ({ selection, parameters, version: boot.version, payload, sentence });

  const actions = {
    play: () => parts.timeline.toggle(),
    'step-back': () => parts.timeline.step(-1),
    'step-forward': () => parts.timeline.step(1),
    loop: (node) => {
      const on = node.getAttribute('aria-pressed') !== 'true';
      node.setAttribute('aria-pressed', String(on));
      parts.timeline.loop(on);
    },
    go: (node) => goTo(Number(node.dataset.year), 'push'),
    mode: (node) => {
      const { first_year: first, last_year: last } = payload.dataset;
      changeWhen(state.inMode(selection, node.dataset.mode, first, last));
      panels.chips(payload, selection);
    },
    view: (node) => changeWhen({ ...selection, view: node.dataset.view }),
    chart: (node) => {
      selection = { ...selection, chart: node.dataset.chart || null };
      remember('push');
      showChart();
      if (selection.chart === null) showGroups();
    },
    'zoom-in': () => parts.stage.zoom(1.6),
    'zoom-out': () => parts.stage.zoom(1 / 1.6),
    'zoom-home': () => parts.stage.home(),
    remove: (node) => {
      const next = state.without(selection, parameters, node.dataset.key, node.dataset.value);
      if (whatQuery(next) !== whatQuery(selection)) changeWhat(next);
      else { changeWhen(next); panels.chips(payload, selection); }
    },
    reset: () => { changeWhat(state.reset(selection, parameters)); },
    hops: () => changeWhat({ ...selection, hops: selection.hops === 2 ? 1 : 2 }),
    preset: (node) => changeWhat({ ...selection, type: node.dataset.type.split(',').filter(Boolean), types: node.dataset.types }),
    'open-group': (node) => openGroup(node.dataset.group),
    'more-groups': () => { byId('atlas-groups').dataset.all = '1'; showGroups(); },
    'card-close': closeCard,
    'card-focus': () => changeWhat({ ...selection, group: selection.group === selection.card ? null : selection.card, hops: 1 }).then(showCard),
    'card-link': () => dialogs.link(context(), 'Link to this card'),
    'copy-link': () => dialogs.link(context()),
    cite: () => dialogs.cite(context()),
    embed: () => dialogs.embed(context()),
    brief: () => { location.href = state.address('/brief', selection, parameters); },
    page: (node) => { const { pathname, hash } = new URL(node.href); node.href = state.address(pathname, selection, parameters) + hash; },
    home: (node) => { node.href = state.address('/', { ...Object.fromEntries(parameters.map((p) => [p.key, p.default])), dataset: selection.dataset }, parameters); },
    open: (node) => { node.href = state.address('/', selection, parameters); },
    'close-notices': () => panels.notices([]),
    filters: () => document.documentElement.classList.toggle('filters-open'),
    theme: () => {
      const theme = document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark';
      document.documentElement.dataset.bsTheme = theme;
      try { localStorage.setItem('atlas-theme', theme); } catch { /* then it lasts as long as the page */ }
      parts?.stage.setTheme();
      parts?.chart.setTheme();
      parts?.beside?.setTheme();
      if (payload && parts) showLook();
    },
  };

  document.addEventListener('click', (event) => { if (event.target.matches?.('input')) fromControl(event.target); }, true);

  document.addEventListener('click', (event) => {
    const node = event.target.closest('[data-action]');
    if (node && actions[node.dataset.action] && (parts || ['theme', 'page', 'home', 'open'].includes(node.dataset.action))) actions[node.dataset.action](node);
    const stack = byId('atlas-stack');
    if (stack && !stack.hidden && !stack.contains(event.target) && !event.target.closest('#atlas-stage')) stack.hidden = true;
  });

  document.addEventListener('keydown', (event) => {
    if (!parts || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || byId('atlas-dialog')?.open) return;
    const on = event.target;
    if (event.key === 'Escape') {
      const stack = byId('atlas-stack');
      if (stack && !stack.hidden) stack.hidden = true;
      else if (document.documentElement.classList.contains('filters-open')) actions.filters();
      else if (selection.card !== null && !on.matches('input, select, textarea')) closeCard();
      return;
    }
    // Typing, choosing and pressing a focused control keep their keys; the slider's are the timeline's.
    const range = on.matches('input[type=range]');
    if (!range && on.matches('input, select, textarea, button, a, summary, [contenteditable]')) return;
    // In a period and a comparison each thumb moves its own end; the keys elsewhere move the whole.
    if (range && state.modeOf(selection) !== 'year' && event.key !== ' ') return;
    if (parts.timeline.key(event)) event.preventDefault();
  });

  window.atlas.datasets.listen(() => ({ selection, parameters, datasets: boot.datasets }));

  const first = draws ? fetchPayload(whatQuery(selection)) : null;
  first?.catch(() => { /* said by mount, which waits for it */ });
  if (embedded) addEventListener('DOMContentLoaded', () => mount(first));

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.atlas = {
    address: () => location.pathname + location.search,
    mounted: () => { window.atlas.dom.fill(document); mount(first); return true; },
  };

  return { context, mount, select: (next) => { selection = next; } };
})();

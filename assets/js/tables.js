// @ts-check
// The data page: links in cells, tabs, quick search with its count, the view's query on every file and link, and the
// problem of the dataset that an address names.
//
// Dash's grid finds the cell renderers in window.dashAgGridComponentFunctions by the names that components/data_page.py
// gives; they make React elements, so text from files only ever becomes text. `tablesMounted` is called by Dash.
'use strict';
window.atlas = window.atlas || {};

window.atlas.tables = (() => {
  const { el, byId, setText } = window.atlas.dom;
  const { state } = window.atlas;
  const { selection, parameters, notices, version, corrections } = JSON.parse(byId('atlas-boot').textContent);
  const GRID = 'atlas-grid-';
  const QUICK_MS = 120;

  const withQuery = (path, changes = {}) => state.address(path, { ...selection, card: null, ...changes }, parameters);

  const link = (href, text, more = {}) => window.React.createElement('a', { href, ...more }, text);
  const elsewhere = { target: '_blank', rel: 'noopener noreferrer' };

  // ---- cells --------------------------------------------------------------------------------------------------------

  /** Name of a group, leading to its page. */
  const AtlasGroup = ({ value, data, id }) => link(withQuery(`/group/${encodeURIComponent(data[id])}`), value);

  /** To the explorer: a group's card, or the alliances of one group with the card of the other. */
  const AtlasMap = ({ data, group, card }) => {
    const focus = group ? { group: data[group], hops: 1 } : {};
    const said = group ? `${data.name_a} and ${data.name_b} on the map` : `${data.name} on the map`;
    return link(withQuery('/', { ...focus, card: data[card], map: null }), 'Map', { 'aria-label': said, title: said });
  };

  /** A source's address; the reader of datasets keeps none but http and https, and so does this. */
  const AtlasAddress = ({ value }) => (/^https?:\/\//.test(value) ? link(value, value.replace(/^https?:\/\/(www\.)?/, ''), elsewhere) : null);

  /** Where a correction of a row is sent: the address that the server names, with the row in its title or subject. */
  function correction(about, id) {
    const title = `Correction: ${about} ${id} (${selection.dataset}, version ${version})`;
    const key = corrections.startsWith('mailto:') ? 'subject' : 'title';
    return `${corrections}${corrections.includes('?') ? '&' : '?'}${key}=${encodeURIComponent(title)}`;
  }

  const AtlasCorrection = ({ data, about }) => (corrections
    ? link(correction(about, data.id), 'Report a correction', corrections.startsWith('mailto:') ? {} : elsewhere) : null);

  window.dashAgGridComponentFunctions = Object.assign(
    window.dashAgGridComponentFunctions || {}, { AtlasGroup, AtlasMap, AtlasAddress, AtlasCorrection },
  );

  // ---- tabs -----------------------------------------------------------------------------------------------------------

  function show(key, focus = false) {
    for (const tab of document.querySelectorAll('[data-tab]')) {
      const on = tab.dataset.tab === key;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    }
    for (const panel of document.querySelectorAll('[data-panel]')) panel.hidden = panel.dataset.panel !== key;
  }

  function tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tabs = [...document.querySelectorAll('[data-tab]')];
    const at = tabs.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    show(tabs[(at + step + tabs.length) % tabs.length].dataset.tab, true);
  }

  // ---- quick search -----------------------------------------------------------------------------------------------------

  async function quick(box) {
    const { quick: key } = box.dataset;
    const said = el('span', { className: 'quick-count', role: 'status' });
    const input = el('input', {
      type: 'search', className: 'quick-input', placeholder: `Search ${key}`, 'aria-label': `Search ${key}`, autocomplete: 'off', spellcheck: 'false',
    });
    box.replaceChildren(input, said);
    const grid = await window.dash_ag_grid.getApiAsync(GRID + key);
    if (!corrections) grid.setColumnsVisible(['correction'], false);
    const rows = () => {
      const shown = grid.getDisplayedRowCount();
      const all = grid.getGridOption('rowData').length;
      setText(said, shown === all ? '' : `${shown.toLocaleString('en')} of ${all.toLocaleString('en')}`);
    };
    grid.addEventListener('modelUpdated', rows);
    let wait = 0;
    input.addEventListener('input', () => {
      clearTimeout(wait);
      wait = setTimeout(() => grid.setGridOption('quickFilterText', input.value), QUICK_MS);
    });
  }

  // ---- data quality -----------------------------------------------------------------------------------------------------

  /** Open the problem that the address names (#problem-12), and what it is folded into. */
  function showProblem() {
    const [, place] = /^#problem-(\d+)$/.exec(location.hash) ?? [];
    const node = place && document.querySelector(`[data-problem="${place}"]`);
    if (!node) return;
    for (let up = node.parentElement; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
    document.querySelector('[data-problem][aria-current]')?.removeAttribute('aria-current');
    node.setAttribute('aria-current', 'true');
    node.scrollIntoView({ block: 'center' });
  }

  // ---- mounting -----------------------------------------------------------------------------------------------------------

  function mount() {
    for (const node of document.querySelectorAll('[data-file]')) node.href = withQuery(node.dataset.file, { map: null });
    for (const node of document.querySelectorAll('[data-view]')) node.href = withQuery(node.dataset.view, { card: selection.card });
    for (const tab of document.querySelectorAll('[data-tab]')) tab.addEventListener('click', () => show(tab.dataset.tab));
    document.querySelector('[role=tablist]').addEventListener('keydown', tabKey);
    addEventListener('hashchange', showProblem);
    const box = byId('atlas-data-notices');
    box.hidden = notices.length === 0;
    box.replaceChildren(el('ul', {}, notices.map((notice) => el('li', {}, notice))));
    Promise.all([...document.querySelectorAll('[data-quick]')].map(quick))
      .then(() => {
        showProblem(); // the tables have their heights now, so what stands below them stays where it is scrolled to
        document.documentElement.classList.add('ready');
      });
  }

  window.dash_clientside.atlas.tablesMounted = () => { mount(); return true; };

  return { correction };
})();

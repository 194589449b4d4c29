// @ts-check
// The menu of datasets in the top bar: filled when it is opened, closed by Escape and by a press elsewhere.
//
// Called by app.js: atlas.datasets.listen(() => ({selection, parameters, datasets})); it hears of every menu of the
// page, as a page may come long after the scripts.
//   datasets   boot.datasets: [{slug, title, version, first_year, last_year, synthetic}], the default first
// selection(selection, parameters, dataset) is pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.datasets = (() => {
  const { el } = window.atlas.dom;
  const { state } = window.atlas;
  const MENU = '.dataset-menu';

  /**
   * What of a selection makes sense in another dataset: filters, colouring and the map's extent stay; groups, hidden
   * classes and the version that was cited go; years stay where the other dataset covers them.
   */
  function selection(now, parameters, { slug, first_year: first, last_year: last }) {
    const base = Object.fromEntries(parameters.map((p) => [p.key, p.default]));
    const covered = (year) => year !== null && year >= first && year <= last;
    const stays = covered(now.year);
    const also = (year) => (stays && covered(year) ? year : null);
    return {
      ...now, dataset: slug, year: stays ? now.year : base.year, since: also(now.since), compare: also(now.compare),
      group: base.group, hops: base.hops, card: base.card, hide: base.hide, data: base.data,
    };
  }

  /** The page of a group or a bundled story is of one dataset; every other page is there for all. */
  const pathFor = (path) => (path.startsWith('/group/') ? '/' : path.startsWith('/story/') && path !== '/story/mine' ? '/story/' : path);

  function fill(list, { selection: now, parameters, datasets }) {
    list.replaceChildren(...datasets.map((dataset) => {
      const current = dataset.slug === now.dataset;
      const href = current ? state.address(location.pathname, now, parameters)
        : state.address(pathFor(location.pathname), selection(now, parameters, dataset), parameters);
      return el('li', {}, el('a', { className: 'dataset-choice', href, 'aria-current': current ? 'true' : null },
        el('span', { className: 'dataset-title' }, dataset.title),
        el('span', { className: 'dataset-note' },
          ...(dataset.synthetic ? [el('b', { className: 'dataset-made' }, 'Synthetic'), ' '] : []),
          `${dataset.first_year}\u2013${dataset.last_year}, version ${dataset.version}`)));
    }));
  }

  function listen(context) {
    const close = (except = null) => {
      for (const menu of document.querySelectorAll(`${MENU}[open]`)) if (menu !== except) menu.open = false;
    };
    document.addEventListener('toggle', (event) => {
      const menu = event.target;
      if (menu.matches?.(MENU) && menu.open) fill(menu.querySelector('.dataset-list'), context());
    }, true);
    document.addEventListener('click', (event) => close(event.target.closest(MENU)));
    document.addEventListener('keydown', (event) => {
      const menu = document.querySelector(`${MENU}[open]`);
      if (event.key !== 'Escape' || !menu) return;
      close();
      menu.querySelector('summary').focus();
      event.preventDefault();
      event.stopPropagation();
    }, true);
  }

  return { listen, selection };
})();

// @ts-check
// Group search: a combobox (WAI-ARIA) over /api/search, which knows names and aliases.
//
// Called by app.js: create(field, list, {dataset(), onGroup(id)}).
'use strict';
window.atlas = window.atlas || {};

window.atlas.search = (() => {
  const { el } = window.atlas.dom;
  const WAIT_MS = 120;

  function option(found, i) {
    const years = `${found.first_year}\u2013${found.last_year}`;
    return el('li', { id: `atlas-option-${i}`, role: 'option', className: 'search-option', 'aria-selected': 'false', dataset: { group: found.id } },
      el('span', { className: 'search-name' }, found.name),
      el('span', { className: 'search-note' }, [found.alias && `also ${found.alias}`, found.place, years].filter(Boolean).join(' \u00b7 ')));
  }

  function create(field, list, { dataset, onGroup }) {
    const input = el('input', {
      type: 'search', className: 'search-input', placeholder: 'Find a group: name or alias', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
      maxlength: '100', 'aria-label': 'Find a group by name or alias', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id,
    });
    field.replaceChildren(input);
    let at = -1;
    let timer = 0;
    let asked = 0;

    const options = () => [...list.querySelectorAll('[role=option]')];
    const close = () => {
      asked += 1; // an answer still under way must not open the list again
      clearTimeout(timer);
      list.hidden = true;
      at = -1;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };
    const mark = (next) => {
      const all = options();
      at = all.length ? (next + all.length) % all.length : -1;
      all.forEach((node, i) => node.setAttribute('aria-selected', String(i === at)));
      if (at < 0) return;
      input.setAttribute('aria-activedescendant', all[at].id);
      all[at].scrollIntoView({ block: 'nearest' });
    };
    const choose = (node) => {
      input.value = '';
      close();
      onGroup(node.dataset.group);
    };
    const ask = async () => {
      const mine = ++asked;
      const query = new URLSearchParams({ q: input.value, dataset: dataset() });
      try {
        const answer = await fetch(`/api/search?${query}`);
        const { groups } = await answer.json();
        if (mine !== asked) return;
        list.replaceChildren(...(groups.length ? groups.map(option) : [el('li', { className: 'search-none' }, 'No group of this dataset has such a name or alias.')]));
        list.hidden = false;
        input.setAttribute('aria-expanded', 'true');
        mark(0);
      } catch {
        if (mine !== asked) return;
        list.replaceChildren(el('li', { className: 'search-none' }, 'The search could not be reached; try again.'));
        list.hidden = false;
      }
    };

    input.addEventListener('input', () => {
      if (!input.value.trim()) return close();
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { close(); input.value = ''; return; }
      if (list.hidden) return;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        mark(at + (event.key === 'ArrowDown' ? 1 : -1));
      } else if (event.key === 'Enter' && options()[at]) {
        event.preventDefault();
        choose(options()[at]);
      }
    });
    input.addEventListener('blur', () => setTimeout(close, 150)); // after a click on an option
    list.addEventListener('mousedown', (event) => {
      const node = event.target.closest('[role=option]');
      if (!node) return;
      event.preventDefault();
      choose(node);
    });
    return { input };
  }

  return { create };
})();

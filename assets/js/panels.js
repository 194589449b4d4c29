// @ts-check
// The parts beside the map that follow the year: words, chips, key figures, facet counts, lists, the empty view.
// Each function writes what it is given into the page and keeps nothing; parts that a page lacks are skipped.
//
// Called by app.js. `payload` is the answer of /api/payload, `slice` that of atlas.slice, `selection` atlas.state's.
'use strict';
window.atlas = window.atlas || {};

window.atlas.panels = (() => {
  const { el, byId, setText } = window.atlas.dom;
  const format = window.atlas.format;
  const nameOf = window.atlas.names.of;

  /** Heading: the view in words with its two numbers set apart. Returns the plain sentence. */
  function words(payload, selection, numbers, hiddenLabels, comparison = null) {
    const heading = byId('atlas-words');
    const compared = comparison ? `; ${format.comparison(comparison)}` : '';
    const sentence = format.sentence(payload.subject, selection, numbers.alliances, numbers.allied_groups, hiddenLabels) + compared;
    if (heading && heading.dataset.said !== sentence) {
      heading.dataset.said = sentence;
      heading.replaceChildren(
        `${payload.subject}, `, el('span', { className: 'words-year' }, format.span(selection)), ': ',
        el('strong', {}, format.count(numbers.alliances, 'alliance', 'alliances')), ', ',
        el('strong', {}, format.count(numbers.allied_groups, 'group', 'groups')), ' allied',
        ...(hiddenLabels.length ? [el('span', { className: 'words-hidden' }, ` (hidden: ${hiddenLabels.join(', ')})`)] : []),
        compared,
      );
    }
    return sentence;
  }

  /** Chips of the active filters, the focus and the period, and one reset. */
  function chips(payload, selection) {
    const list = byId('atlas-chips');
    if (!list) return;
    const all = [...payload.chips];
    if (selection.since !== null) all.push({ key: 'since', value: '', label: 'Period', words: format.span(selection) });
    if (selection.compare !== null) all.push({ key: 'compare', value: '', label: 'Compared with', words: String(selection.compare) });
    list.replaceChildren(
      ...all.map((chip) => el('button', {
        type: 'button', className: 'chip', title: `Remove ${chip.label}: ${chip.words}`,
        dataset: { action: 'remove', key: chip.key, value: chip.value },
      }, `${chip.label}: ${chip.words}`, el('span', { className: 'icon icon-x', 'aria-hidden': 'true' }))),
      ...(all.length ? [el('button', { type: 'button', className: 'chip chip-reset', dataset: { action: 'reset' } }, 'Reset all')] : []),
    );
    if (payload.focus && payload.chips.some((chip) => chip.key === 'group')) {
      const two = selection.hops === 2;
      list.append(el('button', {
        type: 'button', className: 'chip chip-hops', 'aria-pressed': String(two), dataset: { action: 'hops' },
        title: 'Also show the alliances of its partners',
      }, 'With partners\u2019 ties'));
    }
  }

  /** Key figures with what `change(spec)` says beside each. */
  function figures(specs, now, change) {
    byId('atlas-figures')?.classList.remove('stale');
    for (const spec of specs) {
      setText(document.querySelector(`[data-figure="${spec.key}"]`), format.figure(now[spec.key], spec.unit));
      setText(document.querySelector(`[data-change="${spec.key}"]`), change(spec));
    }
  }

  /** How many alliances each value of each filter would leave; `counts(key, value)` gives the number. */
  function facets(counts) {
    for (const node of document.querySelectorAll('[data-facet]')) {
      const [key, value] = node.dataset.facet.split('=');
      const n = counts(key, value);
      setText(node, n === undefined ? '' : format.whole.format(n));
      node.classList.toggle('facet-none', n === 0);
    }
  }

  /** Colours of the values in the filter that the map is coloured by. */
  function swatches(payload, colouring, colourOf) {
    for (const node of document.querySelectorAll('[data-swatch]')) {
      const [key, value] = node.dataset.swatch.split('=');
      const place = key === colouring ? payload.vocabulary[key].findIndex((entry) => entry.key === value) : -1;
      node.hidden = place < 0;
      if (place >= 0) node.style.setProperty('--swatch', colourOf(place));
    }
  }

  const SHOWN = 60; // as LISTED in data/packed.py
  const MOST = 1000; // of a list: more than that nobody reads, and a browser takes its time over

  function groupButton(payload, group, note) {
    const { id } = payload.groups;
    return el('li', {}, el('button', {
      type: 'button', className: 'group-row', dataset: { action: 'open-group', group: id[group] },
    }, el('span', { className: 'group-name' }, nameOf(payload, group)), el('span', { className: 'group-degree' }, note)));
  }

  /** Make `list` hold these groups, [[row, note]]: its items are kept and told their group, and only what differs is written. */
  function groupList(list, payload, rows) {
    const { id } = payload.groups;
    while (list.childElementCount > rows.length) list.lastElementChild.remove();
    rows.forEach(([group, note], i) => {
      const item = list.children[i];
      if (!item) { list.append(groupButton(payload, group, note)); return; }
      const button = item.firstElementChild;
      if (button.dataset.group !== id[group]) button.dataset.group = id[group];
      setText(button.firstElementChild, nameOf(payload, group));
      setText(button.lastElementChild, note);
    });
  }

  /** The n groups with most allies, then by name; those without a name yet stand last among equals. */
  function leaders(allied, degree, name, n) {
    let rows = [...allied];
    if (rows.length > n) { // only those that have as many as the n-th need sorting
      const least = Float64Array.from(rows, (g) => degree[g]).sort()[rows.length - n];
      rows = rows.filter((g) => degree[g] >= least);
    }
    const last = (g) => Number(name[g] === null);
    return rows.sort((a, b) => degree[b] - degree[a] || last(a) - last(b) || (name[a] < name[b] ? -1 : 1)).slice(0, n);
  }

  /** Allied groups by degree, with the number of allies; and the groups that have no position. Whether a name is lacking. */
  function groups(payload, slice) {
    const list = byId('atlas-groups');
    if (!list) return false;
    if (!list.firstElementChild) {
      list.append(
        el('ol', {}), el('button', { type: 'button', className: 'more', dataset: { action: 'more-groups' } }), el('p', { className: 'none' }, 'None in this view.'),
      );
    }
    const [ordered, button, none] = list.children;
    const { name } = payload.groups;
    const rows = leaders(slice.allied, slice.degree, name, list.dataset.all ? MOST : SHOWN);
    groupList(ordered, payload, rows.map((g) => [g, String(slice.degree[g])]));
    const more = slice.allied.length - rows.length;
    button.hidden = more === 0;
    button.disabled = rows.length === MOST;
    const whole = format.whole.format;
    setText(button, button.disabled ? `and ${whole(more)} more, in the tables of Data` : `Show ${whole(Math.min(more, MOST - rows.length))} more`);
    none.hidden = rows.length > 0;
    const lost = byId('atlas-unlocated');
    lost.hidden = slice.unlocated.length === 0;
    if (!lost.firstElementChild) {
      lost.append(el('h2', {}), el('p', { className: 'none' }, 'Counted, but without a position to draw.'), el('ul', {}));
    }
    setText(lost.firstElementChild, `Not located (${whole(slice.unlocated.length)})`);
    const listed = slice.unlocated.slice(0, MOST);
    setText(lost.children[1], `Counted, but without a position to draw.${listed.length < slice.unlocated.length ? ` The first ${whole(MOST)}:` : ''}`);
    groupList(lost.lastElementChild, payload, listed.map((g) => [g, slice.degree[g] ? String(slice.degree[g]) : '']));
    return [...rows, ...listed].some((g) => name[g] === null);
  }

  /** Why nothing is in view, and which filter to loosen. `numbers` maps each active filter to what it would leave. */
  function empty(payload, selection, numbers, nearest) {
    const node = byId('atlas-empty');
    if (!node) return;
    node.hidden = numbers === null;
    if (numbers === null) return;
    const label = (key) => payload.chips.find((chip) => chip.key === key)?.label ?? key;
    const helps = Object.entries(numbers).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
    const when = format.span(selection);
    const why = Object.keys(numbers).length === 0
      ? `The dataset has no alliances in ${when}.`
      : helps.length ? `No alliance passes all the filters in ${when}.`
        : `No alliance passes in ${when}, and removing one filter alone would not change that.`;
    node.replaceChildren(
      el('p', { className: 'empty-why' }, why),
      ...helps.map(([key, n]) => el('button', {
        type: 'button', className: 'chip', dataset: { action: 'remove', key, value: '' },
      }, `Without ${label(key)}: ${format.count(n, 'alliance', 'alliances')}`)),
      ...(nearest === null ? [] : [el('button', {
        type: 'button', className: 'chip', dataset: { action: 'go', year: String(nearest) },
      }, `Nearest year with any: ${nearest}`)]),
      ...(Object.keys(numbers).length ? [el('button', { type: 'button', className: 'chip chip-reset', dataset: { action: 'reset' } }, 'Reset all')] : []),
    );
  }

  /** Messages about the link or a failed request; each can be closed together. */
  function notices(texts) {
    const node = byId('atlas-notices');
    if (!node) return;
    node.hidden = texts.length === 0;
    node.replaceChildren(
      el('ul', {}, texts.map((text) => el('li', {}, text))),
      el('button', { type: 'button', className: 'action action-icon', 'aria-label': 'Close the notices', dataset: { action: 'close-notices' } },
        el('span', { className: 'icon icon-x', 'aria-hidden': 'true' })),
    );
  }

  /** Chooser of the groups that lie where a click fell. */
  function stack(payload, slice, groupRows, x, y) {
    chooser(x, y, 'Groups here', [
      el('p', { className: 'stack-title' }, `${groupRows.length} groups here`),
      el('ul', {}, groupRows.map((g) => groupButton(payload, g, slice.degree[g] ? String(slice.degree[g]) : ''))),
    ]);
  }

  /** The alliances that one arc, ring or point of a map by country stands for, and the way to the table of all in view. */
  function bundle(payload, title, ties, tables, x, y) {
    const rows = payload.relationships;
    const said = (tie) => {
      const [first, last] = [rows.first_year[tie.row], rows.last_year[tie.row]];
      return `${nameOf(payload, tie.a)} \u2013 ${nameOf(payload, tie.b)}, ${first === last ? first : `${first}\u2013${last}`}`;
    };
    const listed = ties.slice(0, SHOWN);
    chooser(x, y, title, [
      el('p', { className: 'stack-title' }, `${title}: ${format.count(ties.length, 'alliance', 'alliances')}`),
      el('ul', {}, listed.map((tie) => el('li', {}, el('button', {
        type: 'button', className: 'group-row', dataset: { action: 'open-group', group: payload.groups.id[tie.a] },
      }, el('span', { className: 'group-name' }, said(tie)))))),
      el('p', { className: 'stack-more' },
        ...(listed.length < ties.length ? [`and ${format.whole.format(ties.length - listed.length)} more. `] : []),
        el('a', { href: tables }, 'Table of all alliances in view')),
    ]);
  }

  function chooser(x, y, label, children) {
    const node = byId('atlas-stack');
    if (!node) return;
    node.hidden = false;
    node.setAttribute('aria-label', label);
    node.replaceChildren(...children);
    const room = node.parentElement.getBoundingClientRect();
    node.style.left = `${Math.max(8, Math.min(x - room.left + 8, room.width - node.offsetWidth - 8))}px`;
    node.style.top = `${Math.max(8, Math.min(y - room.top + 8, room.height - node.offsetHeight - 8))}px`;
    node.querySelector('button')?.focus();
  }

  return { words, chips, figures, facets, swatches, groups, leaders, empty, notices, stack, bundle };
})();

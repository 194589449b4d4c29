// @ts-check
// The method page: puts in its text, the view's query on the links to its files, and citations to copy.
//
// Starts by itself: it asks for the text at once, and puts it in as soon as the page stands. What it needs besides is in
// data attributes of the text:
//   data-file      on a link: path of a file that takes the view's query
//   data-cite      {sentence, dataset: {citation, status}} of the view, around the texts
//   data-citation  on a text: data, view, or bibtex, which the server wrote but for the link and the day
// bibtex is pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.method = (() => {
  const { atlas } = window;
  const { el, byId, toAnchor, whenThere } = atlas.dom;
  const { selection, parameters, version } = JSON.parse(byId('atlas-boot').textContent);

  const plain = () => Object.fromEntries(parameters.map((p) => [p.key, p.key === 'dataset' ? selection.dataset : p.default]));
  const view = { ...selection, card: null, map: null, data: null };

  /** BibTeX entry with the link and the day it was read, as 2026-11-27, after its other fields. */
  function bibtex(entry, url, day) {
    return entry.replace(/\}\s*$/, `  url = {${url}},\n  urldate = {${day}},\n}`);
  }

  /** Texts by key, of what the server says of the view. */
  function citations({ sentence, dataset }, entry) {
    const of = (chosen, words) => ({ selection: chosen, parameters, version, sentence: words, payload: { dataset } });
    const [data, here] = [of(plain(), ''), of(selection, sentence)];
    return {
      data: atlas.dialogs.citation(data),
      view: atlas.dialogs.citation(here),
      bibtex: bibtex(entry, atlas.dialogs.permalink(data), new Date().toISOString().slice(0, 10)),
    };
  }

  /** Fill in what the server cannot know: the view's query, the address and the day. */
  function fill(root) {
    for (const node of root.querySelectorAll('[data-file]')) node.href = atlas.state.address(node.dataset.file, view, parameters);
    const place = byId('atlas-cite');
    const field = (key) => place.querySelector(`[data-citation=${key}]`);
    const texts = citations(JSON.parse(place.dataset.cite), field('bibtex').value);
    for (const [key, text] of Object.entries(texts)) field(key).value = text;
    for (const block of place.querySelectorAll('.citation-block')) {
      const text = block.querySelector('textarea');
      block.querySelector('button').addEventListener('click', () => atlas.dialogs.copy(text.value, text, block.querySelector('.citation-said')));
    }
  }

  async function ask(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return answer.text();
  }

  // Asked for before Dash has even begun: the page waits for the slower of the two.
  const asked = ask(`/api/method${location.search}`);
  asked.catch(() => { /* said by mount, which waits for it */ });

  async function mount(place) {
    try {
      place.innerHTML = await asked; // the server's own, escaped; see components/markup.py
      fill(place);
    } catch (error) {
      console.warn(`atlas.method.mount: ${error.message}`);
      place.replaceChildren(el('p', { className: 'none' }, 'The text could not be loaded; check the connection and reload the page.'));
    }
    document.documentElement.classList.add('ready');
    toAnchor();
  }

  whenThere(() => byId('atlas-method'), mount);

  return { bibtex };
})();

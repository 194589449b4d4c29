// @ts-check
// Making elements without markup: text from files only ever becomes text; and putting in what the server made as HTML.
'use strict';
window.atlas = window.atlas || {};

window.atlas.dom = (() => {
  /** Element with attributes (className, dataset and on* are properties) and children (strings or elements). */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === 'dataset') Object.assign(node.dataset, value);
      else if (name === 'className' || name.startsWith('on')) node[name] = value;
      else node.setAttribute(name, value === true ? '' : String(value));
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  }

  let followed = '';

  const byId = (id) => document.getElementById(id);

  /** Write text only where it differs: an unchanged node costs no layout. */
  function setText(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }

  /** Go to what the address's fragment names, once it is there: the content of a page comes after its address was read. */
  function toAnchor() {
    const { hash } = location;
    const target = hash !== followed && byId(hash.slice(1));
    if (!target) return;
    followed = hash;
    target.scrollIntoView({ behavior: 'instant' }); // Bootstrap scrolls smoothly, past all of a long page
  }

  /** Tell of the element that `find` gives, once for each: the content of a page comes after its scripts. */
  function whenThere(find, then) {
    let known = null;
    function look() {
      const node = find();
      if (!node || node === known) return;
      known = node;
      then(node);
    }
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    addEventListener('DOMContentLoaded', look);
  }

  /** Hand out a file. */
  function save(blob, name) {
    const address = URL.createObjectURL(blob);
    el('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  /** Put in what components in a node carry as HTML: the server's own, escaped; see `still` in components/markup.py. */
  function fill(root) {
    for (const node of root.querySelectorAll?.('[data-markup]') ?? []) {
      node.innerHTML = node.dataset.markup;
      delete node.dataset.markup;
    }
  }
  // As soon as Dash has put a page in, and so before it is painted.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) fill(node);
  }).observe(document.documentElement, { childList: true, subtree: true });

  return { el, byId, setText, fill, toAnchor, whenThere, save };
})();

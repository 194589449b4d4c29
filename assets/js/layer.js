// @ts-check
// The layer of marks over the map: an SVG whose elements are kept from drawing to drawing.
//
// Called by map.js: atlas.layer.create(paint) -> {svg, draw(marks, names, view)}.
//   marks   of marks.fill
//   names   of labels.place
// The n-th path is given the n-th mark, and of its attributes only those that differ are written: a step in time
// makes no elements, and what did not change costs no layout. Attributes alone carry the look, so that the SVG is the
// same picture in a file.
'use strict';
window.atlas = window.atlas || {};

window.atlas.layer = (() => {
  const NS = 'http://www.w3.org/2000/svg';
  const LETTERS = 11; // px

  const element = (tag, attributes = {}) => {
    const node = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
    return node;
  };

  /** Children of `parent` that are filled in order, each with the attributes it has now. */
  function pool(parent, tag) {
    const nodes = [];
    return (wanted) => {
      while (nodes.length > wanted.length) nodes.pop().node.remove();
      wanted.forEach((attributes, i) => {
        let entry = nodes[i];
        if (!entry) {
          entry = { node: element(tag), has: {} };
          nodes.push(entry);
          parent.append(entry.node);
        }
        const { node, has } = entry;
        for (const [name, value] of Object.entries(attributes)) {
          if (has[name] === value) continue;
          if (name === 'text') node.textContent = value;
          else if (value === null) node.removeAttribute(name);
          else node.setAttribute(name, value);
        }
        for (const name of Object.keys(has)) if (!(name in attributes)) node.removeAttribute(name);
        entry.has = attributes;
      });
    };
  }

  function create() {
    const svg = element('svg', { xmlns: NS, class: 'map-marks', 'aria-hidden': 'true' });
    const paths = element('g');
    const texts = element('g', {
      'font-size': LETTERS, 'font-weight': 600, 'text-anchor': 'middle', 'stroke-width': 2.4, 'stroke-linejoin': 'round',
      'paint-order': 'stroke', 'stroke-opacity': 0.85,
    });
    svg.append(paths, texts);
    const [drawPaths, drawTexts] = [pool(paths, 'path'), pool(texts, 'text')];
    return {
      svg,
      draw(marks, names, { width, height }, paint) {
        const box = { width, height, viewBox: `0 0 ${width} ${height}` };
        for (const [name, value] of Object.entries(box)) if (svg.getAttribute(name) !== String(value)) svg.setAttribute(name, String(value));
        const look = { 'font-family': paint.font, fill: paint.ink, stroke: paint.halo };
        for (const [name, value] of Object.entries(look)) if (texts.getAttribute(name) !== value) texts.setAttribute(name, value);
        drawPaths(marks.map(({ mark, ...attributes }) => ({ 'data-mark': mark, ...attributes })));
        drawTexts(names);
      },
    };
  }

  return { create };
})();

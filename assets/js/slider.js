// @ts-check
// The year slider: native range inputs whose thumbs stand exactly under the chart's years. One for the year, and a
// second where a period has its start or a year is compared with another.
//
// Called by app.js: create(element, {first, last, onYear(year), onOther(year)})
// -> {set(year, words, other: {year, name} | null), align({left, step})}.
// `left` is the x of the first year's centre and `step` the distance of two years, both in px in the chart.
'use strict';
window.atlas = window.atlas || {};

window.atlas.slider = (() => {
  const { el } = window.atlas.dom;
  const THUMB = 18; // px, the same as in time.css: a thumb travels its track's width less its own

  function create(element, { first, last, onYear, onOther = () => {} }) {
    const range = (name, tell) => {
      const input = el('input', { type: 'range', min: first, max: last, step: 1, 'aria-label': name });
      input.addEventListener('input', () => tell(Number(input.value)));
      return input;
    };
    const input = range('Year', onYear);
    const second = range('', onOther);
    second.className = 'slider-other';
    element.replaceChildren(input);
    const part = (year) => String(last > first ? (year - first) / (last - first) : 1);
    const move = (node, year) => { if (Number(node.value) !== year) node.value = String(year); };
    return {
      set(year, words, other = null) {
        move(input, year);
        input.setAttribute('aria-valuetext', words);
        if (other === null) second.remove();
        else {
          if (!second.isConnected) element.append(second);
          move(second, other.year);
          if (second.getAttribute('aria-label') !== other.name) second.setAttribute('aria-label', other.name);
        }
        // The track is filled from the coverage's start, or between the two.
        input.style.setProperty('--from', other === null ? '0' : part(Math.min(year, other.year)));
        input.style.setProperty('--part', part(other === null ? year : Math.max(year, other.year)));
      },
      align({ left, step }) {
        for (const node of [input, second]) {
          node.style.left = `${left - THUMB / 2}px`;
          node.style.width = `${step * (last - first) + THUMB}px`;
        }
      },
    };
  }

  return { create };
})();

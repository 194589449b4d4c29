// @ts-check
// The year slider: a native range input whose thumb stands exactly under the chart's year.
//
// Called by app.js: create(element, {first, last, onYear(year)}) -> {set(year, words), align({left, step}, width)}.
// `left` is the x of the first year's centre and `step` the distance of two years, both in px in the chart.
'use strict';
window.atlas = window.atlas || {};

window.atlas.slider = (() => {
  const THUMB = 18; // px, the same as in time.css: a thumb travels its track's width less its own

  function create(element, { first, last, onYear }) {
    const input = window.atlas.dom.el('input', { type: 'range', min: first, max: last, step: 1, 'aria-label': 'Year' });
    input.addEventListener('input', () => onYear(Number(input.value)));
    element.replaceChildren(input);
    return {
      input,
      set(year, words) {
        if (Number(input.value) !== year) input.value = String(year);
        input.setAttribute('aria-valuetext', words);
        input.style.setProperty('--part', String(last > first ? (year - first) / (last - first) : 1));
      },
      align({ left, step }) {
        input.style.marginLeft = `${left - THUMB / 2}px`;
        input.style.width = `${step * (last - first) + THUMB}px`;
      },
    };
  }

  return { create };
})();

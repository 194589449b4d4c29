// @ts-check
// Plots of the text pages: every element with data-plot is drawn from the JSON in it, once it is on the page.
//
// data-plot: {lines: [{x, y, low, high}], marks: [{label, first_year, last_year, value}], survival}
//   survival   y runs from 0 to 1 in steps, with a band from low to high; else a line over years
//   marks      figures quoted from elsewhere: a level from one year to another, or a band where value is null
'use strict';
window.atlas = window.atlas || {};

window.atlas.plots = (() => {
  const { atlas } = window;
  const token = (name) => atlas.colours.token(name);
  const colour = (i) => token(['--accent', '--class-2', '--class-8', '--class-4'][i % 4]);
  const { faded } = atlas.plotting;
  const DASHES = ['solid', '5px,3px', '2px,2px', '8px,3px'];

  function traces({ lines, survival }) {
    const shape = survival ? 'hv' : 'linear';
    return lines.flatMap((line, i) => [
      ...(line.low ? [
        { type: 'scatter', mode: 'lines', x: line.x, y: line.low, line: { width: 0, shape }, hoverinfo: 'skip' },
        { type: 'scatter', mode: 'lines', x: line.x, y: line.high, line: { width: 0, shape }, fill: 'tonexty', fillcolor: faded(colour(i)), hoverinfo: 'skip' },
      ] : []),
      { type: 'scatter', mode: 'lines', x: line.x, y: line.y, line: { width: 2, shape, color: colour(i), dash: DASHES[i % 4] }, hoverinfo: 'skip' },
    ]);
  }

  function layout({ lines, marks = [], survival }, width, height) {
    const top = Math.max(1e-9, ...lines.flatMap((line) => line.y.filter((v) => v !== null)), ...marks.map(({ value }) => value ?? 0));
    const grid = { gridcolor: token('--line'), zeroline: false, fixedrange: true, ticklabeloverflow: 'allow' };
    return {
      ...atlas.plotting.frame(width, height, { l: 38, r: 14, t: marks.length ? 22 : 12, b: survival ? 34 : 22 }),
      xaxis: {
        ...grid, showgrid: false, showline: true, linecolor: token('--line-strong'), nticks: 7, rangemode: survival ? 'tozero' : 'normal',
        ...(survival ? { title: { text: 'age in years', standoff: 4, font: { size: 11 } } } : { tickformat: 'd' }),
      },
      yaxis: { ...grid, range: [0, survival ? 1.02 : top * 1.12], nticks: 4, tickformat: survival || top <= 1 ? '.0%' : '~s' },
      ...atlas.plotting.quoted(marks, token('--paper')),
    };
  }

  function draw(node) {
    const spec = JSON.parse(node.dataset.plot);
    node.dataset.drawn = '1';
    const canvas = node.firstElementChild ?? node.appendChild(document.createElement('div'));
    atlas.plotting.draw(canvas, traces(spec), layout(spec, node.clientWidth, node.clientHeight));
  }

  // A plot is drawn when it comes near the screen, so that a page of twenty answers at once.
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting && !target.dataset.drawn) draw(target);
  }, { rootMargin: '400px' });

  function watch() {
    if (!window.Plotly) return;
    for (const node of document.querySelectorAll('[data-plot]:not([data-watched])')) {
      node.dataset.watched = '1';
      near.observe(node);
    }
    atlas.dom.toAnchor();
  }

  const again = () => document.querySelectorAll('[data-plot][data-drawn]').forEach(draw);

  let asked = 0;
  const soon = (what) => { cancelAnimationFrame(asked); asked = requestAnimationFrame(what); };
  new MutationObserver(() => soon(watch)).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(() => soon(again)).observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
  addEventListener('resize', () => soon(again));
  addEventListener('DOMContentLoaded', () => soon(watch));
  addEventListener('beforeprint', () => document.querySelectorAll('[data-plot]').forEach(draw));

  return { traces, layout };
})();

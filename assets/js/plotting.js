// @ts-check
// What every plot but the map has in common: still, of the element's size and theme, without plotly.js's own controls.
//
// Called by chart.js, sidecharts.js, plots.js and group.js: atlas.plotting.frame(width, height, margin, element) -> the
// part of a layout that they share, to be spread; draw(node, traces, layout) -> a promise; faded(colour) for fills
// under or around a line of that colour (#rrggbb); quoted(marks, ...) for figures of the published article.
'use strict';
window.atlas = window.atlas || {};

window.atlas.plotting = (() => {
  const { atlas } = window;
  const CLEAR = 'rgba(0,0,0,0)';

  function frame(width, height, margin, element = document.documentElement) {
    const token = (name) => atlas.colours.token(name, element);
    return {
      width, height, margin, autosize: false, showlegend: false, hovermode: false, paper_bgcolor: CLEAR, plot_bgcolor: CLEAR,
      font: { family: token('--font'), size: 11, color: token('--quiet') },
    };
  }

  const draw = (node, traces, layout) => window.Plotly.react(node, traces, layout, { staticPlot: true, displayModeBar: false, responsive: false });

  const faded = (colour) => `${colour}2e`;

  /**
   * Figures quoted from elsewhere, {label, first_year, last_year, value}, laid over a plot of years: a bar at the level
   * of its years, or a band over them where value is null. `ground` is the colour behind the labels, `lift` how far up a
   * band's label stands (1 is the top). -> {shapes, annotations} of a layout.
   */
  function quoted(marks, ground, element = document.documentElement, lift = 1) {
    const ink = atlas.colours.token('--ink', element);
    const band = faded(atlas.colours.token('--class-8', element));
    return {
      shapes: marks.map(({ first_year: from, last_year: to, value }) => (value === null
        ? { type: 'rect', x0: from, x1: to, yref: 'paper', y0: 0, y1: 1, line: { width: 0 }, fillcolor: band, layer: 'below' }
        : { type: 'line', x0: from - 1, x1: to + 1, y0: value, y1: value, line: { width: 3, color: ink } })),
      annotations: marks.map(({ label, first_year: from, last_year: to, value }) => ({
        x: (from + to) / 2, y: value ?? lift, yref: value === null ? 'paper' : 'y', yanchor: 'bottom', xanchor: 'center', showarrow: false,
        text: `article: ${label}`, font: { size: 10.5, color: ink }, bgcolor: ground, borderpad: 1,
      })),
    };
  }

  return { frame, draw, faded, quoted };
})();

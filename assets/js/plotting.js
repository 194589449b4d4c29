// @ts-check
// What every plot but the map has in common: still, of the element's size and theme, without plotly.js's own controls.
//
// Called by chart.js, sidecharts.js, plots.js and group.js: atlas.plotting.frame(width, height, margin, element) -> the
// part of a layout that they share, to be spread; draw(node, traces, layout) -> a promise; faded(colour) for fills
// under or around a line of that colour (#rrggbb).
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

  return { frame, draw, faded };
})();

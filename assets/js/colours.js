// @ts-check
// Which colour stands for which class, in the theme of the moment.
//
// Called by app.js, map.js, chart.js and legend.js. css(payload, colouring, place) -> a CSS colour for class number
// `place` of payload.vocabulary[colouring]: a token of tokens.css, or the dataset's own colour, moved in lightness
// where it would not stand out from the map's ground. resolve(payload, colouring, place, element) -> the same as a
// value that plotly.js and a canvas can read, in the theme of that element; token(name, element) -> one token's value;
// paint(element, payload, colouring) -> all that a drawing of marks needs, in that element's theme.
'use strict';
window.atlas = window.atlas || {};

window.atlas.colours = (() => {
  const EXTRA = {
    'cross-ideological': '--class-cross',
    'inter-regional': '--class-cross',
    'not-recorded': '--class-none',
    'no-type': '--class-none',
    'not-coded': '--class-none',
  };
  const TOKENS = 12; // --class-1 to --class-12; a longer vocabulary begins again
  const CONTRAST = 3; // of WCAG for graphics

  const token = (name, element = document.documentElement) => getComputedStyle(element).getPropertyValue(name).trim();

  const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

  function luminance(rgb) {
    const [r, g, b] = rgb.map((c) => (c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  /** A colour #rrggbb blended towards black or white, whichever is away from the ground, until it stands out. */
  function readable(colour, ground) {
    const away = luminance(channels(ground)) > 0.18 ? 0 : 255;
    let rgb = channels(colour);
    // Black or white itself always does, so this ends.
    for (let step = 1; contrast(rgb, channels(ground)) < CONTRAST; step += 1) {
      rgb = channels(colour).map((c) => Math.round(c + ((away - c) * step) / 25));
    }
    return `#${rgb.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
  }

  function css(payload, colouring, place, element = document.documentElement) {
    const { key, colour, token: own } = payload.vocabulary[colouring][place];
    if (own) return `var(${own})`;
    if (EXTRA[key]) return `var(${EXTRA[key]})`;
    return colour ? readable(colour, token('--land', element)) : `var(--class-${(place % TOKENS) + 1})`;
  }

  function resolve(payload, colouring, place, element = document.documentElement) {
    const value = css(payload, colouring, place, element);
    return value.startsWith('var(') ? token(value.slice(4, -1), element) : value;
  }

  function paint(element, payload, colouring) {
    const of = (name) => token(name, element);
    return {
      classes: payload.vocabulary[colouring].map((_, place) => resolve(payload, colouring, place, element)),
      none: of('--class-none'), rival: of('--rival'), ink: of('--ink'), quiet: of('--quiet'),
      halo: of('--halo'), font: of('--font'), land: of('--land'), sea: of('--sea'), border: of('--border'), coast: of('--coast'),
    };
  }

  return { css, resolve, paint, token, readable, contrast, channels };
})();

// @ts-check
// The embed's height for its width, told to the page that frames it. It depends on the width alone: the frame's own
// height must not feed back into it.
//
// Posts {type: 'alliance-atlas:height', height} to the parent whenever the width changes.
'use strict';
window.atlas = window.atlas || {};

window.atlas.frame = (() => {
  const FIXED = 250; // px: words, legend, time strip and source line, as embed.css lays them out
  const NARROW_FIXED = 330; // below 600 px the words and the source line wrap

  /** Height in px for a width in px: the map at its best shape, and what stands around it. */
  function height(width) {
    const map = Math.min(Math.max(width * 0.46, 200), 620);
    return Math.round(map + (width < 600 ? NARROW_FIXED : FIXED));
  }

  function start() {
    if (window.parent === window) return;
    let told = -1;
    const tell = () => {
      const width = document.documentElement.clientWidth;
      if (width === told) return;
      told = width;
      // Anyone may frame us who the server's policy lets, and a height is no secret: no origin to name.
      window.parent.postMessage({ type: 'alliance-atlas:height', height: height(width) }, '*');
    };
    addEventListener('resize', tell);
    tell();
  }

  if (location.pathname === '/embed') addEventListener('DOMContentLoaded', start);
  return { height };
})();

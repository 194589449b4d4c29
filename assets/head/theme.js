// Sets the theme before the first paint. Loaded in the head, ahead of everything else.
// The embed keeps nothing in the browser: it follows the reader's system alone.
'use strict';
(() => {
  let chosen = null;
  if (location.pathname !== '/embed') {
    try { chosen = localStorage.getItem('atlas-theme'); } catch { /* storage may be closed to us */ }
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.bsTheme = chosen === 'dark' || chosen === 'light' ? chosen : dark ? 'dark' : 'light';
})();

// @ts-check
// Numbers and spans as the page shows them. Rounding happens here and nowhere before.
'use strict';
window.atlas = window.atlas || {};

window.atlas.format = (() => {
  const MISSING = '\u2013';
  const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

  /** A key figure: unit is 'count', 'share' (a fraction from 0 to 1) or 'km'. */
  function figure(value, unit) {
    if (value === null || value === undefined) return MISSING;
    if (unit === 'share') return `${whole.format(value * 100)}%`;
    return unit === 'km' ? `${whole.format(value)} km` : whole.format(value);
  }

  /** Change against ten years before in words, or '' where there is nothing to compare with. */
  function change(now, before, unit, since) {
    if (now === null || before === null || before === undefined) return '';
    // Shares are compared as they are shown, so that 58% after 40% is 18 points.
    const scale = unit === 'share' ? 100 : 1;
    const delta = Math.round(now * scale) - Math.round(before * scale);
    const size = whole.format(Math.abs(delta));
    const unitText = unit === 'share' ? ` ${Math.abs(delta) === 1 ? 'pt' : 'pts'}` : unit === 'km' ? ' km' : '';
    if (delta === 0) return `as in ${since}`;
    return `${delta > 0 ? '+' : '\u2212'}${size}${unitText} since ${since}`;
  }

  const span = (selection) => (selection.since === null ? `${selection.year}` : `${selection.since}\u2013${selection.year}`);

  const count = (n, one, many) => `${whole.format(n)} ${n === 1 ? one : many}`;

  /** The view in words, as Python's words.sentence says it, and what is hidden. */
  function sentence(subject, selection, alliances, alliedGroups, hiddenLabels = []) {
    const hidden = hiddenLabels.length ? ` (hidden: ${hiddenLabels.join(', ')})` : '';
    return `${subject}, ${span(selection)}: ${count(alliances, 'alliance', 'alliances')}, `
      + `${count(alliedGroups, 'group', 'groups')} allied${hidden}`;
  }

  /** Today's date as 24 November 2026. */
  const date = (d = new Date()) => d.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

  return { MISSING, whole, figure, change, span, count, sentence, date };
})();

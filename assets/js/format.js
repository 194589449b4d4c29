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

  /** Difference of two figures as they are shown, with its sign; '' where one is missing, null where there is none. */
  function delta(now, before, unit) {
    if (now === null || before === null || before === undefined) return '';
    // Shares are compared as they are shown, so that 58% after 40% is 18 points.
    const scale = unit === 'share' ? 100 : 1;
    const size = Math.round(now * scale) - Math.round(before * scale);
    if (size === 0) return null;
    const unitText = unit === 'share' ? ` ${Math.abs(size) === 1 ? 'pt' : 'pts'}` : unit === 'km' ? ' km' : '';
    return `${size > 0 ? '+' : '\u2212'}${whole.format(Math.abs(size))}${unitText}`;
  }

  /** Change against ten years before in words, or '' where there is nothing to compare with. */
  function change(now, before, unit, since) {
    const size = delta(now, before, unit);
    return size === null ? `as in ${since}` : size && `${size} since ${since}`;
  }

  /** The figure of another year and the difference from it. */
  function against(now, before, unit, year) {
    const size = delta(now, before, unit);
    return `${figure(before, unit)} in ${year}${size === null ? ', the same' : size && `, ${size}`}`;
  }

  const span = (selection) => (selection.since === null ? `${selection.year}` : `${selection.since}\u2013${selection.year}`);

  const count = (n, one, many) => `${whole.format(n)} ${n === 1 ? one : many}`;

  /** The view in words, as Python's words.sentence says it, and what is hidden. */
  function sentence(subject, selection, alliances, alliedGroups, hiddenLabels = []) {
    const hidden = hiddenLabels.length ? ` (hidden: ${hiddenLabels.join(', ')})` : '';
    return `${subject}, ${span(selection)}: ${count(alliances, 'alliance', 'alliances')}, `
      + `${count(alliedGroups, 'group', 'groups')} allied${hidden}`;
  }

  /** What became of the alliances between two years, as Python's words.comparison says it. */
  const comparison = ({ year, formed, ended, kept }) => `against ${year}: ${whole.format(formed)} formed, ${whole.format(ended)} ended, ${whole.format(kept)} kept`;

  /** Today's date as 24 November 2026. */
  const date = (d = new Date()) => d.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

  return { MISSING, whole, figure, delta, change, against, span, count, sentence, comparison, date };
})();

// @ts-check
// Names on the map: of the best connected groups, where they collide with nothing and stay inside the panel.
//
// Called by map.js: atlas.labels.place(context) -> [{text, x, y}], x the middle and y the baseline in px. The context
// is that of marks.fill. Pure. ruler() -> font family -> text -> its width in px, remembered.
'use strict';
window.atlas = window.atlas || {};

window.atlas.labels = (() => {
  const LONGEST = 30; // letters
  const [ASCENT, DESCENT, GAP] = [10, 3, 3]; // px of a line of 11 px text about its baseline, and to its point
  const FONT = '600 11px'; // as layer.js sets them
  const ROOM = 42000; // px squared of panel for each label
  const MOST = 26;

  function ruler() {
    const pen = document.createElement('canvas').getContext('2d');
    const widths = new Map();
    return (family) => (text) => {
      if (!widths.has(text)) {
        pen.font = `${FONT} ${family}`;
        widths.set(text, pen.measureText(text).width);
      }
      return widths.get(text);
    };
  }

  /** A name without what stands in brackets after it, cut at a word where it is long. */
  function short(name) {
    const plain = name.replace(/\s*\([^()]*\)\s*$/, '') || name;
    if (plain.length <= LONGEST) return plain;
    return `${plain.slice(0, LONGEST - 1).replace(/\s+\S*$/, '')}\u2026`;
  }

  const overlap = (p, q) => p[0] < q[2] && q[0] < p[2] && p[1] < q[3] && q[1] < p[3];

  function place({ payload, slice, at, view, measure }) {
    const { diameter } = window.atlas.marks;
    const wanted = Math.min(MOST, Math.max(4, Math.round((view.width * view.height) / ROOM)));
    const { name } = payload.groups;
    const ranked = slice.marked.filter((g) => name[g] !== null).sort((g, h) => slice.degree[h] - slice.degree[g] || g - h).slice(0, wanted * 4);
    const spots = ranked.map((g) => {
      const [x, y] = view.project(at.lon[g], at.lat[g]);
      return { g, x, y, r: diameter(slice.degree[g]) / 2, text: short(name[g]) };
    });
    const taken = [];
    const found = [];
    for (const { g, x, y, r, text } of spots) {
      if (found.length === wanted) break;
      const half = measure(text) / 2 + 3;
      // Above the point, else below it.
      for (const baseline of [y - r - GAP, y + r + ASCENT + 1]) {
        const box = [x - half, baseline - ASCENT, x + half, baseline + DESCENT];
        const inside = box[0] > 2 && box[1] > 2 && box[2] < view.width - 2 && box[3] < view.height - 2;
        // A label may lie over small points but never hide a larger one's neighbour of the same rank.
        const free = inside && !taken.some((other) => overlap(box, other))
          && !spots.slice(0, wanted).some((spot) => spot.g !== g && overlap(box, [spot.x - spot.r, spot.y - spot.r, spot.x + spot.r, spot.y + spot.r]));
        if (!free) continue;
        taken.push(box);
        found.push({ text, x: Math.round(x * 10) / 10, y: Math.round(baseline * 10) / 10 });
        break;
      }
    }
    return found;
  }

  return { place, short, ruler };
})();

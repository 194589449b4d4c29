// @ts-check
// Where groups stand when several share one base: on a sunflower about it, its spacing in pixels.
//
// Called by map.js after a zoom has ended: atlas.spread.positions(groups, pixels) -> {lon, lat}, arrays of degrees
// like payload.groups.lon and .lat, NaN where a group is not located. `pixels` is the projection's pixels per unit
// (projection.view(...).pixels). A group's slot is its place on the sunflower, 0 the base itself; slots are the
// dataset's, so that nobody moves from year to year.
//
// The spacing grows with the root of the zoom: at world scale a stack of a dozen is a dot of a few pixels and blots
// out no country, close up every member can be told apart and clicked; and as pixels shrink faster than the spacing
// grows, a point only ever comes nearer to its true base.
'use strict';
window.atlas = window.atlas || {};

window.atlas.spread = (() => {
  const GOLDEN = Math.PI * (3 - Math.sqrt(5));
  const WORLD = 150; // pixels per unit of a world map on a desk
  const [LEAST, MOST] = [2.6, 13]; // px

  /** Pixels between neighbours on the sunflower. */
  const spacing = (pixels) => Math.min(MOST, LEAST * Math.sqrt(Math.max(1, pixels / WORLD)));

  /** How far a slot is from its base, in px. */
  const radius = (slot, pixels) => spacing(pixels) * Math.sqrt(slot);

  /** Offset of a slot in px, x to the east and y to the north. */
  function offset(slot, pixels) {
    const r = radius(slot, pixels);
    return [r * Math.cos(slot * GOLDEN), r * Math.sin(slot * GOLDEN)];
  }

  /** A position moved by pixels, as degrees; the poles are as far as one can go. */
  function moved(lon, lat, [dx, dy], pixels) {
    const { rise, width } = window.atlas.projection;
    const north = lat + dy / (pixels * rise(lat));
    return [lon + dx / (pixels * width(lat)), Math.min(89.9, Math.max(-89.9, north))];
  }

  function positions(groups, pixels) {
    const n = groups.lon.length;
    const [lon, lat] = [new Float64Array(n).fill(NaN), new Float64Array(n).fill(NaN)];
    for (let g = 0; g < n; g += 1) {
      if (groups.lon[g] === null) continue;
      const slot = groups.slot[g];
      [lon[g], lat[g]] = slot === 0
        ? [groups.lon[g], groups.lat[g]]
        : moved(groups.lon[g], groups.lat[g], offset(slot, pixels), pixels);
    }
    return { lon, lat };
  }

  return { spacing, radius, offset, moved, positions };
})();

// @ts-check
// The map's arithmetic: Natural Earth forward and back, and an extent as plotly.js wants it.
//
// Called by map.js, spread.js and hits.js. Pure: no DOM, no Plotly. Angles are degrees; x and y are in units of the
// projection's own radius (the sphere is 5.47 wide and 2.85 high), x to the east and y to the north.
//
// An extent is [lon, lat, scale], as in the URL: what stands in the panel's middle, and the scale, 1 where the whole
// sphere just fits into the panel. So it shows the same part of the world, or more, in a panel of any shape.
//
// plotly.js fits a box of longitudes and latitudes into the panel, scales from there, and clips to that box. A box
// of the whole world would leave margins in most panels, even when zoomed in; so it gets a small box of the panel's
// own shape (`frame`), and everything else is scale. The box must turn with the map, or the fit would change.
'use strict';
window.atlas = window.atlas || {};

window.atlas.projection = (() => {
  const RADIANS = Math.PI / 180;
  const MAX_SCALE = 64; // as the grammar of the URL says
  // Savric, Patterson and Jenny's polynomial, with the coefficients that d3 (and so plotly.js) uses.
  const X = [0.8707, -0.131979, -0.013791, 0, 0, 0.003971, -0.001529];
  const Y = [1.007226, 0.015085, 0, -0.044475, 0.028874, -0.005916];

  const polynomial = (coefficients, square) => coefficients.reduceRight((sum, c) => sum * square + c, 0);

  const width = (lat) => polynomial(X, (lat * RADIANS) ** 2) * RADIANS; // x of one degree of longitude
  const height = (lat) => lat * RADIANS * polynomial(Y, (lat * RADIANS) ** 2);

  /** y of one degree of latitude at this latitude. */
  function rise(lat) {
    const square = (lat * RADIANS) ** 2;
    return Y.reduceRight((sum, c, i) => sum * square + c * (2 * i + 1), 0) * RADIANS;
  }

  const HALF_WIDTH = 180 * width(0);
  const HALF_HEIGHT = height(90);

  /** Longitude brought into -180..180. */
  const wrap = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

  /** Latitude at this y (Newton; the polynomial is monotone), kept on the sphere. */
  function latitude(y) {
    if (Math.abs(y) >= HALF_HEIGHT) return Math.sign(y) * 90;
    let lat = y / rise(0);
    for (let i = 0; i < 20; i += 1) {
      const step = (height(lat) - y) / rise(lat);
      lat -= step;
      if (Math.abs(step) < 1e-9) break;
    }
    return lat;
  }

  /** Pixels per unit where the whole sphere just fits. */
  const contain = (w, h) => Math.min(w / (2 * HALF_WIDTH), h / (2 * HALF_HEIGHT));

  /**
   * A box about the equator that has the panel's shape once projected: half its longitudes and latitudes, and the
   * pixels per unit at which it fills the panel. Its upper edge is drawn in four great-circle pieces, which bulge.
   */
  function frame(w, h) {
    const bulge = (lat, lon) => Math.atan(Math.tan(lat * RADIANS) / Math.cos((lon / 4) * RADIANS)) / RADIANS;
    const unbulge = (lat, lon) => Math.atan(Math.tan(lat * RADIANS) * Math.cos((lon / 4) * RADIANS)) / RADIANS;
    let lon = 60;
    let lat = unbulge(latitude((lon * width(0) * h) / w), lon);
    if (lat > 45) {
      lat = 45;
      for (let i = 0; i < 30; i += 1) lon = (height(bulge(lat, lon)) * w) / h / width(0);
    }
    return { lon, lat, fit: w / (2 * lon * width(0)) };
  }

  /**
   * The view of the whole world: what people live on fills the panel. A wide panel shows all of it, a tall one the
   * old world, where most of the data lies, in full height; the rest is a drag away.
   */
  function home(w, h) {
    const [north, south] = [height(80), height(-57)];
    const all = w / (2 * HALF_WIDTH);
    const filled = h / (north - south);
    const pixels = Math.min(filled, Math.max(all, h / 2.5));
    const seen = Math.min(360, w / pixels / width(0));
    const lon = Math.min(42, Math.max(11, 11 + (320 - seen) * 0.17));
    // The middle of the inhabited heights, or lower where the panel shows more than these.
    return rounded([lon, latitude((north + south) / 2), pixels / contain(w, h)]);
  }

  /** An extent as the URL carries it: on the sphere, within the scales that one can zoom to, two decimals. */
  function rounded([lon, lat, scale]) {
    const within = (value, low, high) => Number(Math.min(high, Math.max(low, value)).toFixed(2));
    return [within(wrap(lon), -180, 180), within(lat, -80, 80), within(scale, 1, MAX_SCALE)];
  }

  /** The `geo` part of plotly.js's layout that shows this extent in a panel of w by h pixels. */
  function toLayout([lon, lat, scale], w, h) {
    const box = frame(w, h);
    const whole = contain(w, h) / box.fit;
    return {
      'projection.rotation.lon': lon,
      'projection.scale': scale * whole,
      'projection.minscale': whole,
      'projection.maxscale': MAX_SCALE * whole,
      'center.lon': lon,
      'center.lat': lat,
      'lonaxis.range': [lon - box.lon, lon + box.lon],
      'lataxis.range': [-box.lat, box.lat],
    };
  }

  /** The other way: the extent of a `geo` layout {projection: {rotation, scale}, center}; as it is, not rounded. */
  function fromLayout(geo, w, h) {
    const pixels = geo.projection.scale * frame(w, h).fit;
    return [geo.projection.rotation.lon, geo.center.lat, pixels / contain(w, h)];
  }

  /**
   * How an extent lies in a panel: project(lon, lat) -> [x, y] in px, y downwards; projectTurned takes degrees from the
   * middle in place of the longitude, -180 and 180 being the map's two edges; invert; `pixels` per unit.
   */
  function view([lon, lat, scale], w, h) {
    const pixels = scale * contain(w, h);
    const middle = height(lat);
    const projectTurned = (turn, aLat) => [w / 2 + pixels * turn * width(aLat), h / 2 + pixels * (middle - height(aLat))];
    const project = (aLon, aLat) => projectTurned(wrap(aLon - lon), aLat);
    function invert(x, y) {
      const aLat = latitude(middle - (y - h / 2) / pixels);
      return [wrap(lon + (x - w / 2) / pixels / width(aLat)), aLat];
    }
    return { extent: [lon, lat, scale], width: w, height: h, pixels, project, projectTurned, invert };
  }

  return { MAX_SCALE, width, height, rise, latitude, wrap, frame, home, rounded, toLayout, fromLayout, view };
})();

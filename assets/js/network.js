// @ts-check
// The network: the slice's groups and ties by who is allied with whom, whatever their place on earth.
//
// Called by stage.js: atlas.network.create(element, {payload, layout, embed, onGroup, onStack, hover})
//   embed    wheel alone scrolls the page around; with Ctrl (or a pinch) it zooms
//   layout   the answer of /api/layout: {id, x, y}, one place a group for all years, null where it never had an ally
// -> {setPayload, update(slice), setTheme, resize, zoom(factor), home, highlight(group | null)}.
// The same marks as the map's (marks.js, labels.js, layer.js, hits.js) on a plane in place of the globe: the layout
// fills the panel, links are straight, and a group without a position on earth stands here like any other.
// stand(payload, layout), boxOf(layout), view(box, width, height, camera) and flat(slice, at) are pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.network = (() => {
  const { atlas } = window;
  const MARGIN = 26; // px about the layout
  const [LEAST, MOST] = [1, 24]; // zoom
  const NEAR = 2; // px: points stand apart here
  const WHEEL = 1.0015; // zoom for each px of the wheel

  /** Places of the payload's groups: {lon, lat} are x and y of the layout, as the marks want them; NaN without one. */
  function stand(payload, layout) {
    // A packed payload (columns.js) has the groups' rows in the dataset, in whose order the layout is.
    const places = payload.groups.row ?? ((known) => payload.groups.id.map((id) => known.get(id)))(new Map(layout.id.map((id, i) => [id, i])));
    const take = (column) => Float64Array.from(places, (place) => column[place] ?? NaN);
    return { lon: take(layout.x), lat: take(layout.y) };
  }

  /** The payload as the marks draw it here: every group a circle, as no place is more or less certain than another. */
  const plain = (payload) => ({ ...payload, groups: { ...payload.groups, precision: payload.groups.id.map(() => -1) } });

  /** The layout stretched over a panel; `camera` {x, y, zoom} is the panel's middle in fractions of it, and how near. */
  function view(box, width, height, { x: middleX, y: middleY, zoom }) {
    const [left, top, right, bottom] = box;
    const part = (value, low, high) => (high > low ? (value - low) / (high - low) : 0.5);
    const [wide, high] = [width - 2 * MARGIN, height - 2 * MARGIN];
    return {
      width, height, pixels: zoom,
      project: (x, y) => [
        width / 2 + (part(x, left, right) - middleX) * wide * zoom,
        height / 2 + (part(y, top, bottom) - middleY) * high * zoom,
      ],
      invert: (px, py) => [middleX + (px - width / 2) / wide / zoom, middleY + (py - height / 2) / high / zoom],
    };
  }

  /** Box about all places of a layout: [left, top, right, bottom]. */
  function boxOf({ x, y }) {
    const of = (column) => column.filter((value) => value !== null);
    const ends = (values) => [Math.min(...values), Math.max(...values)];
    const [[left, right], [top, bottom]] = [ends(of(x)), ends(of(y))];
    return [left, top, right, bottom];
  }

  /** Links are straight. */
  function links(at, { project }) {
    const tenth = (value) => Math.round(value * 10) / 10;
    const ends = (a, b) => [...project(at.lon[a], at.lat[a]), ...project(at.lon[b], at.lat[b])];
    return {
      pieces: (a, b) => [ends(a, b)],
      path: (a, b) => { const [x1, y1, x2, y2] = ends(a, b).map(tenth); return `M${x1},${y1}L${x2},${y2}`; },
    };
  }

  /** A slice of which every tie is a link, and only groups with one are points. */
  function flat(slice, at) {
    const ties = slice.ties.map((tie) => ({ ...tie, located: true, place: false }));
    const shown = new Set(ties.filter((tie) => !tie.hidden).flatMap(({ a, b }) => [a, b]));
    const fighting = new Set(slice.rivals.flatMap(({ a, b }) => (Number.isNaN(at.lon[a] + at.lon[b]) ? [] : [a, b])));
    return {
      ...slice, ties, places: [], unallied: [],
      marked: slice.allied.filter((g) => shown.has(g)),
      rivalEnds: [...fighting].filter((g) => !shown.has(g)),
    };
  }

  function create(element, { payload: given, layout, embed, onGroup, onStack, hover }) {
    const box = boxOf(layout);
    const layer = atlas.layer.create();
    const measure = atlas.labels.ruler();
    let whole = given; // for words
    let payload = plain(given); // for marks
    let at = stand(given, layout);
    let camera = { x: 0.5, y: 0.5, zoom: 1 };
    let slice = null;
    let highlighted = null;
    let now = null; // what is drawn, as marks.fill wants it
    let hits = null;

    element.classList.add('atlas-network');
    element.replaceChildren(layer.svg);

    function draw() {
      const { clientWidth: width, clientHeight: height } = element;
      hits = null;
      now = null;
      if (slice === null || width === 0 || height === 0) return;
      const seen = view(box, width, height, camera);
      const paint = atlas.colours.paint(element, payload, slice.colouring);
      now = { payload, slice: flat(slice, at), at, view: seen, arcs: links(at, seen), paint, measure: measure(paint.font), highlight: highlighted };
      layer.draw(atlas.marks.fill(now), atlas.labels.place(now), seen, paint);
    }

    /** Nearer or further, with what lies under (x, y) px staying there; the layout never leaves the panel. */
    function zoom(factor, x = element.clientWidth / 2, y = element.clientHeight / 2) {
      if (!now) return;
      const [fixedX, fixedY] = now.view.invert(x, y);
      const next = Math.min(MOST, Math.max(LEAST, camera.zoom * factor));
      const ratio = camera.zoom / next;
      move(fixedX + (camera.x - fixedX) * ratio, fixedY + (camera.y - fixedY) * ratio, next);
    }

    function move(x, y, nearness = camera.zoom) {
      const within = (value) => Math.min(1 - 0.5 / nearness, Math.max(0.5 / nearness, value));
      camera = { x: within(x), y: within(y), zoom: nearness };
      draw();
    }

    function listen() {
      let held = null; // {x, y, camera} where a drag began
      atlas.pointer.listen(element, {
        found: () => now && (hits ??= atlas.hits.build(now)), about: () => ({ payload: whole, slice }), near: NEAR, onGroup, onStack, hover,
      });
      element.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        held = { x: event.clientX, y: event.clientY, camera };
      });
      element.addEventListener('pointermove', (event) => {
        if (!held || !event.buttons || !now) return;
        if (!element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
        const [x0, y0] = now.view.invert(held.x, held.y);
        const [x, y] = now.view.invert(event.clientX, event.clientY);
        move(held.camera.x - (x - x0), held.camera.y - (y - y0));
      });
      for (const end of ['pointerup', 'pointercancel']) element.addEventListener(end, () => { held = null; });
      element.addEventListener('wheel', (event) => {
        if (embed && !event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { left, top } = element.getBoundingClientRect();
        zoom(WHEEL ** -event.deltaY, event.clientX - left, event.clientY - top);
      }, { passive: false });
      element.addEventListener('dblclick', (event) => {
        const { left, top } = element.getBoundingClientRect();
        zoom(2, event.clientX - left, event.clientY - top);
      });
    }
    listen();

    return {
      setPayload(next) {
        whole = next;
        payload = plain(next);
        at = stand(next, layout);
        slice = null;
        now = null;
        highlighted = null;
      },
      update(next) { slice = next; draw(); },
      setTheme: draw,
      resize() { if (now && (element.clientWidth !== now.view.width || element.clientHeight !== now.view.height)) draw(); else if (!now) draw(); },
      zoom,
      home() { move(0.5, 0.5, 1); },
      highlight(group) {
        if (group === highlighted) return;
        highlighted = group;
        draw();
      },
    };
  }

  return { create, stand, boxOf, view, flat };
})();

// @ts-check
// The map: plotly.js draws land and borders and lets itself be dragged and zoomed; the marks lie over it in one SVG.
// The thin shell that touches Plotly, the pointer and the panel's size; what is drawn comes from marks.js and labels.js.
//
// Called by stage.js and group.js: atlas.map.create(element, {payload, embed, onGroup, onStack, onTie, onExtent, hover})
//   payload     the answer of /api/payload
//   embed       wheel alone scrolls the page around; with Ctrl (or a pinch) it zooms
//   onGroup(group), onStack([group])   a click on one point, or near several; rows of payload.groups
//   onTie(hit, clientX, clientY)       a click on an arc or ring; whether it did anything
//   onExtent([lon, lat, scale] | null)    the person moved the map; null = the whole world
//   hover(info | null, clientX, clientY)  info as atlas.tooltip.show wants it
// -> {setPayload, update(slice), setTheme, setExtent(extent | null), extent, zoom(factor), home, resize, highlight}.
// setPayload keeps the old marks until the next update. Functions that move the ground return a promise.
//
// The marks are not plotly.js's: it works through every trace at every update, styles every point by itself, and lets
// nothing but points be hovered. A year of 200 arcs took it 40 ms, and takes 5 here (tests/benchmarks).
'use strict';
window.atlas = window.atlas || {};

window.atlas.map = (() => {
  const { atlas } = window;
  const NEAR = 10; // px: groups that a click cannot tell apart, as many share a base

  function baseLayout(paint, width, height) {
    return {
      width, height, autosize: false,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: paint.sea,
      showlegend: false,
      hovermode: false,
      dragmode: 'pan',
      geo: {
        projection: { type: 'natural earth', rotation: {} }, center: {}, lonaxis: {}, lataxis: {},
        bgcolor: paint.sea, resolution: 110, showframe: false,
        showland: true, landcolor: paint.land,
        showcountries: true, countrycolor: paint.border, countrywidth: 0.6,
        showcoastlines: false,
      },
    };
  }

  function create(element, options) {
    const { embed = false, hover = () => {}, onGroup = () => {}, onStack = () => {}, onTie, onExtent = () => {} } = options;
    let { payload } = options;
    let extent = null; // null = home
    let slice = null;
    let at = null;
    let view = null;
    let arcs = null;
    let paint = null;
    let highlighted = null;
    let index = null; // of hits; null until the pointer asks
    let listening = false;
    const ruler = atlas.labels.ruler();
    const plot = atlas.dom.el('div', { className: 'map-plot' });
    const layer = atlas.layer.create();

    element.classList.add('atlas-map');
    element.replaceChildren(plot, layer.svg);

    /** Take in an extent; where groups stand about a shared base follows the zoom. */
    function stand(next) {
      if (at === null || view?.pixels !== next.pixels) at = atlas.spread.positions(payload.groups, next.pixels);
      view = next;
      arcs = atlas.arcs.create(at, view);
    }

    const context = () => ({ payload, slice, at, view, arcs, paint, measure: ruler(paint.font), highlight: highlighted });

    function drawMarks() {
      index = null;
      if (slice === null || view === null) return;
      if (at === null) stand(view);
      const now = context();
      layer.draw(atlas.marks.fill(now), atlas.labels.place(now), view, paint);
    }

    /** Draw ground and marks anew: the first time, and after a change of size, extent or theme. */
    function drawAll() {
      const { clientWidth: width, clientHeight: height } = element;
      if (slice === null || width === 0 || height === 0) return Promise.resolve();
      paint = atlas.colours.paint(element, payload, slice.colouring);
      stand(atlas.projection.view(extent ?? atlas.projection.home(width, height), width, height));
      const layout = baseLayout(paint, width, height);
      for (const [path, value] of Object.entries(atlas.projection.toLayout(view.extent, width, height))) {
        const steps = path.split('.');
        const last = steps.pop();
        steps.reduce((node, step) => node[step], layout.geo)[last] = value;
      }
      drawMarks();
      const config = {
        topojsonURL: atlas.config?.topojson ?? '/assets/topojson/',
        displayModeBar: false, displaylogo: false, responsive: false, scrollZoom: true, doubleClick: false,
        showTips: false, locale: 'en-US',
      };
      return window.Plotly.react(plot, [{ type: 'scattergeo', lon: [], lat: [] }], layout, config);
    }

    /** plotly.js is being dragged or zoomed: the marks go along. */
    function moving(change) {
      const { width, height } = view;
      const geo = {
        projection: {
          scale: change['geo.projection.scale'] ?? plot.layout.geo.projection.scale,
          rotation: { lon: change['geo.projection.rotation.lon'] ?? view.extent[0] },
        },
        center: { lat: change['geo.center.lat'] ?? view.extent[1] },
      };
      stand(atlas.projection.view(atlas.projection.fromLayout(geo, width, height), width, height));
      drawMarks();
    }

    /** The person has moved the map: plotly.js stands there already, but for the box that turns along. */
    function moved() {
      const { width, height } = view;
      extent = atlas.projection.rounded(atlas.projection.fromLayout(plot.layout.geo, width, height));
      drawAll();
      onExtent(extent);
    }

    function look(next) {
      extent = next === null ? null : atlas.projection.rounded(next);
      return drawAll();
    }

    // ---- the pointer -------------------------------------------------------------------------------------------------

    function listen() {
      const local = (event) => {
        const box = element.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
      };
      atlas.pointer.listen(element, {
        found: () => slice && (index ??= atlas.hits.build(context())), about: () => ({ payload, slice }), near: NEAR, onGroup, onStack, onTie, hover,
      });
      if (embed) {
        element.addEventListener('wheel', (event) => {
          if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
        }, { capture: true, passive: true });
      }
      // Double click: nearer, with the place under the pointer where it is.
      element.addEventListener('dblclick', (event) => {
        event.stopPropagation();
        const [lon, lat] = view.invert(...local(event).map((v, i) => (v + [view.width, view.height][i] / 2) / 2));
        look([lon, lat, view.extent[2] * 2]);
        onExtent(extent);
      }, true);
      plot.on('plotly_relayouting', moving);
      plot.on('plotly_relayout', moved);
    }

    return {
      setPayload(next) {
        payload = next;
        at = null;
        slice = null;
        index = null;
        highlighted = null;
      },
      async update(next) {
        const first = view === null;
        const recoloured = !first && slice?.colouring !== next.colouring;
        slice = next;
        if (!first) {
          if (recoloured) paint = atlas.colours.paint(element, payload, next.colouring);
          drawMarks();
          return;
        }
        await drawAll();
        if (listening || !plot.on) return;
        listening = true;
        listen();
      },
      setTheme: drawAll,
      setExtent: look,
      extent: () => extent,
      zoom(factor) {
        const [lon, lat, scale] = view.extent;
        const done = look([lon, lat, scale * factor]);
        onExtent(extent);
        return done;
      },
      home() {
        const done = look(null);
        onExtent(null);
        return done;
      },
      resize() {
        if (!view || (element.clientWidth === view.width && element.clientHeight === view.height)) return Promise.resolve();
        return drawAll();
      },
      highlight(group) {
        if (group === highlighted) return;
        highlighted = group;
        drawMarks();
      },
    };
  }

  return { create };
})();

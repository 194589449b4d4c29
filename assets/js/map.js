// @ts-check
// The map: the thin shell that touches Plotly, the pointer and the panel's size. What is drawn comes from marks.js.
//
// Called by app.js and picture.js: atlas.map.create(element, {payload, embed, still, onGroup, onStack, onExtent, hover})
//   payload     the answer of /api/payload
//   embed       wheel alone scrolls the page around; with Ctrl (or a pinch) it zooms
//   still       a picture: no pointer at all
//   onGroup(group), onStack([group])   a click on one point, or near several; rows of payload.groups
//   onExtent([lon, lat, scale] | null)    the person moved the map; null = the whole world
//   hover(info | null, clientX, clientY)  info as atlas.tooltip.show wants it
// -> {setPayload, update(slice), setTheme, setExtent(extent | null), extent, zoom(factor), home, resize, highlight}.
// setPayload keeps the old marks until the next update. Functions that draw return a promise; drawings never pile up:
// while plotly.js works, only the latest wish is kept.
//
'use strict';
window.atlas = window.atlas || {};

window.atlas.map = (() => {
  const { atlas } = window;
  const NEAR = 10; // px: groups that a click cannot tell apart
  const STILL = 4; // px: a press that moves less is a click
  const LABEL = '600 11px';

  /** Colours of the element's theme as plotly.js reads them. */
  function paintOf(element, payload, colouring) {
    const token = (name) => atlas.colours.token(name, element);
    return {
      classes: payload.vocabulary[colouring].map((_, place) => atlas.colours.resolve(payload, colouring, place, element)),
      none: token('--class-none'), rival: token('--rival'), ink: token('--ink'), quiet: token('--quiet'),
      halo: token('--halo'), font: token('--font'), land: token('--land'), sea: token('--sea'), border: token('--border'), coast: token('--coast'),
    };
  }

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

  const same = (p, q) => p === q || (Array.isArray(p) && Array.isArray(q) && p.length === q.length && p.every((v, i) => v === q[i]));

  /** What differs between two fillings of the same traces, as Plotly.restyle takes it. */
  function changes(before, after) {
    const update = {};
    const rows = [];
    after.forEach(({ data }, row) => {
      const differing = Object.keys(data).filter((key) => !same(before[row].data[key], data[key]));
      if (differing.length === 0) return;
      for (const key of differing) (update[key] ??= [])[rows.length] = data[key];
      rows.push(row);
    });
    for (const key of Object.keys(update)) update[key].length = rows.length; // holes mean: as it is
    return { update, rows };
  }

  /** A trace of plotly.js from its style and the attributes of this year. */
  function trace({ style, data }) {
    const whole = structuredClone(style);
    for (const [path, value] of Object.entries(data)) {
      const [head, tail] = path.split('.');
      if (tail) (whole[head] ??= {})[tail] = value;
      else whole[head] = value;
    }
    return whole;
  }

  /**
   * Let the ground stand where the view stands. At every update plotly.js converts, projects and writes land and
   * borders anew, 13 of 40 ms at 200 arcs, though only a new view or theme changes them. This skips both while
   * `key()` is the same; it reaches into the subplot of the vendored version, and does nothing in one built otherwise.
   */
  function keepGround(subplot, key) {
    if (!subplot?.updateBaseLayers || !subplot._render || !subplot.basePaths) return;
    const { updateBaseLayers, _render: render } = subplot;
    let drawn = null;
    let skipped = false;
    subplot.updateBaseLayers = function ground(...args) {
      skipped = drawn === key();
      if (skipped) return;
      updateBaseLayers.apply(this, args);
      drawn = key();
    };
    subplot._render = function marksAlone(...args) {
      const { basePaths } = this;
      if (skipped) this.basePaths = {};
      render.apply(this, args);
      this.basePaths = basePaths;
      skipped = false; // a drag renders by itself, and moves the ground
    };
  }

  function create(element, options) {
    const { embed = false, still = false, hover = () => {}, onGroup = () => {}, onStack = () => {}, onExtent = () => {} } = options;
    let { payload } = options;
    let extent = null; // null = home
    let slice = null;
    let shown = []; // the filling that is drawn
    let lines = 0; // number of line traces
    let stale = true; // the next drawing is a whole one
    let at = null;
    let view = null;
    let paint = null;
    let ground = ''; // what land and borders depend on
    let highlighted = null;
    let index = null; // of hits; null until the pointer asks
    let drawing = null; // the promise of the drawing under way
    let wish = false; // something has changed since the drawing under way began
    let gesture = false; // plotly.js is being dragged or zoomed: a drawing now would throw the map back
    const widths = new Map();
    const pen = document.createElement('canvas').getContext('2d');

    element.classList.add('atlas-map');

    function measure(text) {
      if (!widths.has(text)) {
        pen.font = `${LABEL} ${paint.font}`;
        widths.set(text, pen.measureText(text).width);
      }
      return widths.get(text);
    }

    /** Take in the panel's size, extent and theme; positions follow the zoom. */
    function settle() {
      const { clientWidth: width, clientHeight: height } = element;
      const next = atlas.projection.view(extent ?? atlas.projection.home(width, height), width, height);
      if (at === null || view?.pixels !== next.pixels) at = atlas.spread.positions(payload.groups, next.pixels);
      view = next;
    }

    const context = () => ({ payload, slice, at, view, paint, measure, highlight: highlighted });

    function place(target) {
      for (const [path, value] of Object.entries(atlas.projection.toLayout(view.extent, view.width, view.height))) {
        const steps = path.split('.');
        const last = steps.pop();
        steps.reduce((node, step) => node[step], target)[last] = value;
      }
    }

    /** What the traces should show; an empty one is made invisible, which spares plotly.js most of its work on it. */
    function filled() {
      const wanted = atlas.marks.fill(context(), lines);
      lines = wanted.filter(({ id }) => id.startsWith('line-')).length;
      for (const { data } of wanted) data.visible = data.lon.length > 0;
      return wanted;
    }

    /** Draw everything anew: the first time, and after a change of payload, colouring, theme, size or extent. */
    function drawAll() {
      paint = paintOf(element, payload, slice.colouring);
      settle();
      shown = filled();
      const layout = baseLayout(paint, view.width, view.height);
      place(layout.geo);
      ground = JSON.stringify(layout);
      stale = false;
      const config = {
        topojsonURL: atlas.config?.topojson ?? '/assets/topojson/',
        displayModeBar: false, displaylogo: false, responsive: false, scrollZoom: true, doubleClick: false,
        staticPlot: still, showTips: false, locale: 'en-US',
      };
      return window.Plotly.react(element, shown.map(trace), layout, config);
    }

    /** Draw what differs; more looks than there are traces take a whole drawing. */
    function drawChanges() {
      const wanted = filled();
      if (wanted.length !== shown.length) return drawAll();
      const { update, rows } = changes(shown, wanted);
      shown = wanted;
      return rows.length ? window.Plotly.restyle(element, update, rows) : null;
    }

    function draw(all) {
      if (slice === null || element.clientWidth === 0 || element.clientHeight === 0) return Promise.resolve();
      index = null;
      stale ||= all;
      wish = true;
      if (gesture) return Promise.resolve(); // moved() draws it
      drawing ??= work().finally(() => { drawing = null; });
      return drawing;
    }

    async function work() {
      while (wish) {
        wish = false;
        await (stale ? drawAll() : drawChanges());
      }
    }

    /** The person moved the map: plotly.js has drawn it already; take over where it stands. */
    function moved() {
      const { width, height } = view;
      extent = atlas.projection.fromLayout(element.layout.geo, width, height);
      settle();
      place(element.layout.geo);
      ground = JSON.stringify(element.layout);
      draw(false);
      onExtent(extent);
    }

    function look(next) {
      extent = next === null ? null : atlas.projection.rounded(next);
      return draw(true);
    }

    // ---- the pointer -------------------------------------------------------------------------------------------------

    function listen() {
      let pressed = null;
      let asked = 0;
      const local = (event) => {
        const box = element.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
      };
      const found = () => (index ??= atlas.hits.build(context()));
      const tell = (event) => {
        const info = slice && found().at(...local(event));
        element.toggleAttribute('data-over', info?.kind === 'group');
        hover(info && { ...info, payload, slice }, event.clientX, event.clientY);
      };
      element.addEventListener('pointermove', (event) => {
        if (event.buttons || drawing) { hover(null, event.clientX, event.clientY); return; }
        cancelAnimationFrame(asked);
        asked = requestAnimationFrame(() => tell(event));
      });
      element.addEventListener('pointerleave', (event) => {
        cancelAnimationFrame(asked);
        hover(null, event.clientX, event.clientY);
      });
      element.addEventListener('pointerdown', (event) => { pressed = event.isPrimary ? [event.clientX, event.clientY] : null; }, true);
      element.addEventListener('pointerup', (event) => {
        const still = pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < STILL;
        pressed = null;
        if (!still || !slice) return;
        const near = found().groups(...local(event), NEAR);
        if (near.length === 0) { if (event.pointerType !== 'mouse') tell(event); return; }
        hover(null, event.clientX, event.clientY);
        if (near.length === 1) onGroup(near[0]);
        else onStack(near);
      }, true);
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
      element.on('plotly_relayouting', () => { gesture = true; });
      element.on('plotly_relayout', () => { gesture = false; moved(); });
    }

    return {
      setPayload(next) {
        payload = next;
        at = null;
        slice = null;
        lines = 0;
        stale = true;
        index = null;
        highlighted = null;
      },
      async update(next) {
        const first = !element.on;
        const all = slice?.colouring !== next.colouring;
        slice = next;
        await draw(all);
        if (!first || !element.on) return;
        keepGround(element._fullLayout.geo?._subplot, () => ground);
        if (!still) listen();
      },
      setTheme: () => draw(true),
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
        return draw(true);
      },
      highlight(group) {
        if (group === highlighted) return Promise.resolve();
        highlighted = group;
        return draw(false);
      },
    };
  }

  return { create };
})();

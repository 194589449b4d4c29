// @ts-check
// The stage: what stands in the panel above the time chart. A map, the network, both side by side, or two years with
// their difference. It makes each when it is first wanted, shows those that the view names, and moves them together.
//
// Called by app.js: atlas.stage.create(element, {payload, embed, onGroup, onStack, onBundle, onExtent, hover, layout})
//   onBundle(title, ties, x, y)  a press on a country or on an arc that stands for many alliances (coarse.js): those of the
//              slice in view or of the difference; x and y where it fell, if on an arc
//   layout()   a promise of /api/layout's answer, asked for once the network is wanted
// -> {setPayload, update(scene), setTheme, setExtent(extent | null), zoom(factor), home, resize, highlight(group | null)}
//   scene      {view: 'map' | 'network' | 'both', slice, comparison: null | {then, difference}}: a comparison takes the
//              stage as a whole; its `then` and `difference` are slices
'use strict';
window.atlas = window.atlas || {};

window.atlas.stage = (() => {
  const { atlas } = window;
  const { byId, setText } = atlas.dom;
  // Which parts stand on the stage: the map shows the difference where two years are compared.
  const CAST = { map: ['map'], network: ['network'], both: ['map', 'network'], compare: ['map', 'before', 'after'] };
  const NODES = { map: 'atlas-map', network: 'atlas-network', before: 'atlas-before', after: 'atlas-after' };

  function create(element, options) {
    const { layout, onExtent, onGroup, onStack, onBundle, hover, embed } = options;
    let { payload } = options;
    let scene = null;
    let shown = '';
    let highlighted = null;
    let extent = null;
    let asking = null; // of the network's layout
    const parts = {}; // by name, once made

    const isMap = (name) => name !== 'network';
    const cast = () => (scene ? CAST[scene.comparison ? 'compare' : scene.view] : []);
    const playing = () => cast().filter((name) => parts[name]).map((name) => parts[name]);
    const payloadOf = (name) => (name === 'map' && scene?.comparison ? atlas.compare.payload(payload) : payload);
    const sliceOf = (name) => {
      if (!scene.comparison) return scene.slice;
      return { map: scene.comparison.difference, before: scene.comparison.then, after: scene.slice }[name];
    };
    const shows = {}; // by name of a map: {payload, slice} that it draws, of groups or of countries

    /** Give a map what it is to draw; its marks are others where it turns from groups to countries. */
    function draw(name) {
      const { payload: next, slice } = atlas.coarse.of(payloadOf(name), sliceOf(name));
      const changed = shows[name]?.payload !== next;
      shows[name] = { payload: next, slice };
      if (!parts[name]) make(name);
      else if (changed) parts[name].setPayload(next);
      if (changed) highlightOn(name);
      parts[name].resize();
      parts[name].update(slice);
    }

    const highlightOn = (name) => {
      const coarse = isMap(name) && shows[name]?.slice.coarse;
      parts[name].highlight(coarse ? atlas.coarse.placeOf(coarse.payload, highlighted) : highlighted);
    };

    /** A country was pressed, or an arc or ring that stands for many alliances. */
    function bundle(name, title, ties, x, y) {
      const { coarse } = shows[name].slice;
      onBundle(title, ties.flatMap(({ rows }) => rows).map((row) => coarse.whole.ties[row]), x, y);
      return true;
    }

    function pressedPlace(name, place) {
      const { slice, payload: { groups } } = shows[name];
      bundle(name, groups.name[place], slice.ties.filter(({ a, b }) => a === place || b === place));
    }

    function pressedTie(name, hit, x, y) {
      const { slice, payload: { groups } } = shows[name];
      const tie = hit.kind === 'tie' ? hit.tie : hit.kind === 'place' ? slice.ties[hit.place.ties[0]] : null;
      if (!slice.coarse || !tie) return false;
      return bundle(name, tie.place ? `Within ${groups.name[tie.a]}` : `${groups.name[tie.a]} \u2013 ${groups.name[tie.b]}`, [tie], x, y);
    }

    function make(name) {
      const map = atlas.map.create(byId(NODES[name]), {
        payload: shows[name].payload, embed, hover,
        onGroup: (g) => (shows[name].slice.coarse ? pressedPlace(name, g) : onGroup(g)),
        onStack: (rows) => (shows[name].slice.coarse ? pressedPlace(name, rows[0]) : onStack(rows)),
        onTie: (hit, x, y) => pressedTie(name, hit, x, y),
        onExtent: (next) => {
          extent = next;
          for (const other of ['map', 'before', 'after']) if (other !== name && cast().includes(other)) parts[other]?.setExtent(next);
          onExtent(next);
        },
      });
      map.setExtent(extent);
      parts[name] = map;
    }

    /** The network comes once its layout is there; until then the stage says so and everything else goes on. */
    async function makeNetwork() {
      const node = byId(NODES.network);
      if (asking || parts.network) return;
      node.dataset.state = 'Laying out the network of all years \u2026';
      try {
        asking = layout();
        parts.network = atlas.network.create(node, { payload, layout: await asking, embed, onGroup, onStack, hover });
        delete node.dataset.state;
        parts.network.highlight(highlighted);
        if (cast().includes('network')) drawNetwork();
      } catch (error) {
        asking = null;
        console.warn(`atlas.stage.makeNetwork: ${error.message}`);
        node.dataset.state = 'The network could not be loaded. Check the connection and choose it again.';
      }
    }

    /** The network has no countries: beyond what can be told apart it says so and waits for a narrower view. */
    function drawNetwork() {
      const node = byId(NODES.network);
      const slice = sliceOf('network');
      const many = slice.ties.length + slice.rivals.length > atlas.coarse.MOST;
      node.toggleAttribute('data-many', many);
      if (many) {
        node.dataset.state = `${atlas.format.whole.format(slice.ties.length)} alliances are too many for a network of groups: `
          + `it takes ${atlas.format.whole.format(atlas.coarse.MOST)}. Filter, or choose a group and Focus.`;
        return;
      }
      if (!parts.network) { makeNetwork(); return; }
      delete node.dataset.state;
      parts.network.resize();
      parts.network.update(slice);
    }

    /** Whether the map draws countries in place of groups, in words under it. */
    function note() {
      const node = byId('atlas-coarse');
      const coarse = cast().includes('map') && shows.map.slice.coarse;
      if (!node) return;
      node.hidden = !coarse;
      if (!coarse) return;
      const { whole, arcs, rings } = coarse;
      const { count, whole: number } = atlas.format;
      setText(node, `Drawn by country: ${count(whole.ties.length, 'alliance', 'alliances')} as ${count(arcs, 'arc', 'arcs')} and `
        + `${count(rings, 'ring', 'rings')}. Filter or focus to see single ones, up to ${number.format(atlas.coarse.MOST)}.`);
    }

    function captions() {
      const { comparison, slice } = scene;
      if (!comparison) return;
      const { counts } = comparison.difference;
      for (const [i, { key }] of atlas.compare.CHANGES.entries()) setText(byId(`atlas-change-${key}`), atlas.format.whole.format(counts[i]));
      const said = (year, { ties }) => `${year}: ${atlas.format.count(ties.length, 'alliance', 'alliances')}`;
      setText(byId('atlas-caption-before'), said(comparison.then.year, comparison.then));
      setText(byId('atlas-caption-after'), said(slice.year, slice));
    }

    return {
      setPayload(next) {
        payload = next;
        highlighted = null;
        // A map is given its own with what it is to draw.
        for (const name of Object.keys(shows)) delete shows[name];
        parts.network?.setPayload(payload);
      },
      update(next) {
        scene = next;
        const view = scene.comparison ? 'compare' : scene.view;
        if (view !== shown) {
          shown = view;
          element.dataset.view = view;
          document.documentElement.dataset.stage = view;
        }
        captions();
        for (const name of cast()) {
          if (isMap(name)) draw(name);
          else drawNetwork();
        }
        note();
      },
      setTheme() { for (const part of playing()) part.setTheme(); },
      setExtent(next) {
        extent = next;
        for (const name of cast().filter(isMap)) parts[name]?.setExtent(next);
      },
      zoom(factor) {
        if (cast().some(isMap)) parts.map.zoom(factor);
        if (cast().includes('network')) parts.network?.zoom(factor);
      },
      home() {
        if (cast().some(isMap)) parts.map.home();
        if (cast().includes('network')) parts.network?.home();
      },
      resize() { for (const part of playing()) part.resize(); },
      highlight(group) {
        highlighted = group;
        for (const name of Object.keys(parts)) if (name === 'network' || shows[name]) highlightOn(name);
      },
    };
  }

  return { create };
})();

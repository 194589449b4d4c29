// @ts-check
// The stage: what stands in the panel above the time chart. A map, the network, both side by side, or two years with
// their difference. It makes each when it is first wanted, shows those that the view names, and moves them together.
//
// Called by app.js: atlas.stage.create(element, {payload, embed, onGroup, onStack, onExtent, hover, layout})
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
    const { layout, onExtent, onGroup, onStack, hover, embed } = options;
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

    function make(name) {
      const map = atlas.map.create(byId(NODES[name]), {
        payload: payloadOf(name), embed, onGroup, onStack, hover,
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
      if (asking) return;
      node.dataset.state = 'Laying out the network of all years \u2026';
      try {
        asking = layout();
        parts.network = atlas.network.create(node, { payload, layout: await asking, embed, onGroup, onStack, hover });
        delete node.dataset.state;
        parts.network.highlight(highlighted);
        if (cast().includes('network')) parts.network.update(sliceOf('network'));
      } catch (error) {
        asking = null;
        console.warn(`atlas.stage.makeNetwork: ${error.message}`);
        node.dataset.state = 'The network could not be loaded. Check the connection and choose it again.';
      }
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
        for (const name of Object.keys(parts)) parts[name].setPayload(payloadOf(name));
      },
      update(next) {
        const compared = Boolean(scene?.comparison);
        scene = next;
        const view = scene.comparison ? 'compare' : scene.view;
        if (view !== shown) {
          shown = view;
          element.dataset.view = view;
          document.documentElement.dataset.stage = view;
        }
        // The map's classes are others once it shows a difference.
        if (parts.map && compared !== Boolean(scene.comparison)) { parts.map.setPayload(payloadOf('map')); parts.map.highlight(highlighted); }
        captions();
        for (const name of cast()) {
          if (!parts[name] && isMap(name)) { make(name); parts[name].highlight(highlighted); }
          if (!parts[name]) { makeNetwork(); continue; }
          parts[name].resize();
          parts[name].update(sliceOf(name));
        }
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
        for (const part of Object.values(parts)) part.highlight(group);
      },
    };
  }

  return { create };
})();

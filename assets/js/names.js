// @ts-check
// Names of groups that a packed payload leaves out: asked for once a dataset, when they are first needed.
//
// Called by app.js: atlas.names.create(ask) with `ask()` a promise of /api/names' answer: {id, name}, a value a group of the
// dataset -> {lacking(payload), fill(payload), want(payload)}
//   lacking   whether some of a payload's groups have no name yet
//   fill      put in what is there already
//   want      a promise that holds once the payload has all; every caller waits for one and the same answer
'use strict';
window.atlas = window.atlas || {};

window.atlas.names = (() => {
  const UNNAMED = '\u2026';

  /** A group's name, or what stands for it until it is there. */
  const of = (payload, g) => payload.groups.name[g] ?? UNNAMED;

  function create(ask) {
    let known = null;
    let asked = null;
    const complete = new WeakSet();
    const lacking = (payload) => Boolean(payload.groups.row) && !complete.has(payload);

    function fill(payload) {
      if (known === null || !lacking(payload)) return;
      const { row, id, name } = payload.groups;
      row.forEach((at, g) => { id[g] = known.id[at]; name[g] = known.name[at]; });
      complete.add(payload);
    }

    async function want(payload) {
      if (!lacking(payload)) return;
      asked ??= ask().catch((error) => { asked = null; throw error; });
      known = await asked;
      fill(payload);
    }
    return { lacking, fill, want };
  }

  return { create, of, UNNAMED };
})();

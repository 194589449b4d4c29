// @ts-check
// Key figures and facet counts of the year, of a period, or of two years compared.
//
// Called by app.js: atlas.figures.create({specs, parameters, sliceOf(since, year)})
//   specs    boot.figures: [{key, label, unit, definition}]
// -> {show({payload, selection, slice, then}), rest({payload, selection, slice})}
//   show     at every step; `then` is the slice of the year compared with, or null. A year's numbers are in the payload.
//   rest     once the year stands still: a period's numbers come from /api/view
'use strict';
window.atlas = window.atlas || {};

window.atlas.figures = (() => {
  const { answers, state, panels, format } = window.atlas;
  const { byId, setText } = window.atlas.dom;
  const BEFORE = 10; // years that a change looks back

  function create({ specs, parameters, sliceOf }) {
    /** With a focus the group's number of allies stands in place of the share with an ally. */
    const specsOf = ({ focus }) => (focus
      ? specs.map((spec) => (spec.key === 'allied_share' ? { ...spec, unit: 'count', label: 'Allies of the group' } : spec))
      : specs);

    const withFocus = ({ focus, groups }, numbers, slice) => (focus
      ? { ...numbers, allied_share: slice.degree[groups.id.indexOf(focus.id)] } : numbers);

    function write(payload, now, before, tell, facets) {
      panels.figures(specsOf(payload), now, (spec) => (before ? tell(now[spec.key], before[spec.key], spec.unit) : ''));
      panels.facets(facets);
      setText(document.querySelector('[aria-describedby="definition-allied_share"]'), specsOf(payload).find((spec) => spec.key === 'allied_share').label);
      setText(byId('definition-allied_share'), payload.focus
        ? 'Groups with an alliance to the group in focus that passes the filters and is active then.'
        : specs.find((spec) => spec.key === 'allied_share').definition);
    }

    let asked = ''; // the period whose figures are on their way

    const since = (label) => (now, before, unit) => format.change(now, before, unit, label);
    const against = (year) => (now, before, unit) => format.against(now, before, unit, year);

    function show({ payload, selection, slice, then }) {
      // What is said of another year or a period takes two lines.
      byId('atlas-figures').toggleAttribute('data-long', selection.since !== null || then !== null);
      asked = ''; // an answer that is still on its way speaks of another period
      if (selection.since !== null) { byId('atlas-figures').classList.add('stale'); return; }
      const at = selection.year - payload.dataset.first_year;
      const numbers = (i) => Object.fromEntries(specs.map(({ key }) => [key, payload.key_figures[key][i]]));
      const facets = (key, value) => payload.facets[key]?.[value]?.[at];
      const now = withFocus(payload, numbers(at), slice);
      if (then) {
        write(payload, now, withFocus(payload, numbers(then.year - payload.dataset.first_year), then), against(then.year), facets);
        return;
      }
      const earlier = selection.year - BEFORE;
      const before = at >= BEFORE ? withFocus(payload, numbers(at - BEFORE), payload.focus ? sliceOf(null, earlier) : slice) : null;
      write(payload, now, before, since(String(earlier)), facets);
    }

    async function viewOf(selection) {
      return (await answers.ask(`/api/view?${state.toQuery({ ...selection, map: null, card: null }, parameters, null, ['year'])}`)).json();
    }

    async function rest({ payload, selection, slice }) {
      if (selection.since === null) return;
      const [from, to] = [selection.since - BEFORE, selection.year - BEFORE];
      const mine = state.toQuery(selection, parameters);
      asked = mine;
      try {
        const [now, before] = await Promise.all([
          viewOf(selection), from >= payload.dataset.first_year ? viewOf({ ...selection, since: from, year: to }) : null,
        ]);
        if (asked !== mine) return;
        const earlier = before && withFocus(payload, before.key_figures, payload.focus ? sliceOf(from, to) : slice);
        write(payload, withFocus(payload, now.key_figures, slice), earlier, since(`${from}\u2013${to}`), (key, value) => now.facets[key]?.[value]);
      } catch (error) {
        console.warn(`atlas.figures.rest(${selection.since}, ${selection.year}): ${error.message}`);
        panels.notices(['The figures of this period could not be loaded; check the connection and move the year to try again.']);
      }
    }

    return { show, rest };
  }

  return { create };
})();

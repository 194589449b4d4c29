// @ts-check
// Active alliances a year, stacked by class, each year's step centred on its year; the slider stands right under it.
//
// Called by app.js: atlas.chart.create(element, {payload, compact, onYear(year)})
// -> {setPayload(payload), setColouring(colouring, hidden), setYear(year, since, compare), setTheme, resize}.
//   compact    a strip for embeds: no numbers at the side
//   onYear     a click or drag in the chart chose this year
// Plotly draws only when payload, colouring, theme or size change; the year is an overlay, so a step costs no drawing.
// axis(width, payload) -> {left, step}: x of the first year's middle and the distance of two years, in px of the
// element; the slider is laid out by it. layers, reach and yearAt are pure as well.
'use strict';
window.atlas = window.atlas || {};

window.atlas.chart = (() => {
  const { atlas } = window;
  const SIDE = 14; // px left and right of the steps: numbers stand inside, so that both ends are the slider's too
  const TALL = { l: SIDE, r: SIDE, t: 18, b: 20 };
  const STRIP = { l: SIDE, r: SIDE, t: 4, b: 19 };

  const span = ({ dataset }) => [dataset.first_year, dataset.last_year];

  function axis(width, payload) {
    const [first, last] = span(payload);
    const step = Math.max(0, width - 2 * SIDE) / (last - first + 1);
    return { left: SIDE + step / 2, step };
  }

  /** Year at x px of an element of this width. */
  function yearAt(x, width, payload) {
    const [first, last] = span(payload);
    const { left, step } = axis(width, payload);
    return Math.min(last, Math.max(first, Math.round(first + (x - left) / step)));
  }

  /** Years with half a year at either end, so that the first and the last step are as wide as the others. */
  const edges = ([first, last]) => [first - 0.5, ...Array.from({ length: last - first + 1 }, (_, i) => first + i), last + 0.5];

  /** Classes that occur and are not hidden, the first at the bottom: [{cls, y}], y one number for each of `edges`. */
  function layers(payload, colouring, hidden) {
    return payload.series[colouring]
      .map((counts, cls) => ({ cls, y: [counts[0], ...counts, counts.at(-1)] }))
      .filter(({ cls, y }) => !hidden.has(payload.vocabulary[colouring][cls].key) && y.some((n) => n > 0));
  }

  /** Upper end of the y axis: of all alliances, whatever is hidden, so that it stands while years and layers move. */
  const reach = (payload) => Math.max(4, ...payload.key_figures.alliances) * 1.04;

  function traces(payload, colouring, hidden, element) {
    const x = edges(span(payload));
    return layers(payload, colouring, hidden).map(({ cls, y }) => ({
      type: 'scatter', mode: 'lines', x, y, stackgroup: 'alliances', hoverinfo: 'skip',
      fillcolor: atlas.colours.resolve(payload, colouring, cls, element),
      line: { shape: 'hvh', width: 0.6, color: atlas.colours.token('--panel', element) },
    }));
  }

  function layout(payload, compact, element) {
    const token = (name) => atlas.colours.token(name, element);
    const [first, last] = span(payload);
    const { clientWidth: width, clientHeight: height } = element;
    const every = width / (last - first + 1) > 7 ? 10 : 20; // years between two labels
    return {
      ...atlas.plotting.frame(width, height, compact ? STRIP : TALL, element),
      xaxis: {
        range: [first - 0.5, last + 0.5], fixedrange: true, showgrid: false, zeroline: false, tick0: 0, dtick: every,
        ticks: 'outside', ticklen: 3, ticklabeloverflow: 'allow', tickcolor: token('--line-strong'), showline: true, linecolor: token('--line-strong'),
      },
      yaxis: {
        range: [0, reach(payload)], fixedrange: true, nticks: 4, showticklabels: !compact, zeroline: false,
        ticklabelposition: 'inside top', tickfont: { color: token('--quiet') }, ticklabeloverflow: 'allow', gridcolor: token('--line'), showgrid: !compact, layer: 'above traces',
      },
    };
  }

  /** The whole chart in a sentence, for those who do not see it. */
  function summary(payload) {
    const [first, last] = span(payload);
    const counts = payload.key_figures.alliances;
    const most = Math.max(...counts);
    return `Active alliances a year, ${first} to ${last}: ${counts[0]} in ${first}, at most ${most} in ${first + counts.lastIndexOf(most)}, `
      + `${counts.at(-1)} in ${last}.`;
  }

  function create(element, { payload: given, compact = false, onYear = () => {} }) {
    const { el, setText } = atlas.dom;
    let payload = given;
    let look = null; // {colouring, hidden} once told
    let when = null; // {year, since, compare} once told
    let [wide, high] = [0, 0]; // px, as of the last drawing: asking at every step would have the page laid out in its midst

    const plot = el('div', { className: 'chart-plot' });
    const band = el('div', { className: 'chart-band', hidden: true });
    const mark = (look) => {
      const count = el('span', { className: 'chart-count' });
      return { node: el('div', { className: `chart-cursor ${look}`, hidden: true }, count), count };
    };
    const [cursor, other] = [mark(''), mark('chart-cursor-other')];
    element.classList.add('atlas-chart');
    element.classList.toggle('chart-compact', compact);
    element.setAttribute('role', 'img');
    element.replaceChildren(plot, band, other.node, cursor.node);

    function draw() {
      [wide, high] = [element.clientWidth, element.clientHeight];
      if (look === null || wide === 0) return Promise.resolve();
      element.setAttribute('aria-label', summary(payload));
      const drawn = atlas.plotting.draw(plot, traces(payload, look.colouring, look.hidden, element), layout(payload, compact, element));
      place();
      return drawn;
    }

    /** Put cursors, counts and band where the years are. */
    function place() {
      if (when === null) return;
      const { year, since, compare } = when;
      const [first] = span(payload);
      const { left, step } = axis(wide, payload);
      const stand = ({ node, count }, at, beside) => {
        node.hidden = at === null;
        if (at === null) return;
        const x = left + (at - first) * step;
        node.style.transform = `translateX(${x}px)`;
        // Away from the other cursor's count where there is one, and never out of the chart.
        node.classList.toggle('chart-cursor-left', x > wide - 60 || (beside !== null && beside > at && x > 60));
        setText(count, since === null ? atlas.format.whole.format(payload.key_figures.alliances[at - first]) : '');
      };
      stand(cursor, year, compare);
      stand(other, compare, year);
      band.hidden = since === null;
      if (since === null) return;
      band.style.transform = `translateX(${left + (since - first - 0.5) * step}px)`;
      band.style.width = `${(year - since + 1) * step}px`;
    }

    function listen() {
      const yearOf = (event) => yearAt(event.clientX - element.getBoundingClientRect().left, element.clientWidth, payload);
      let held = 0; // years from the period's end to where it was taken hold of
      const choose = (event) => {
        const year = yearOf(event) - held;
        if (year !== when?.year) onYear(year);
      };
      element.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        element.setPointerCapture(event.pointerId);
        const year = yearOf(event);
        held = when?.since != null && year >= when.since && year <= when.year ? year - when.year : 0;
        choose(event);
      });
      element.addEventListener('pointermove', (event) => {
        if (element.hasPointerCapture(event.pointerId)) choose(event);
        if (look === null || event.pointerType === 'touch') return;
        atlas.tooltip.show({ kind: 'year', year: yearOf(event), payload, ...look }, event.clientX, event.clientY);
      });
      element.addEventListener('pointerleave', () => atlas.tooltip.show(null, 0, 0));
    }
    listen();

    return {
      setPayload(next) { payload = next; }, // drawn with the colouring, which comes next
      setColouring(colouring, hidden) {
        look = { colouring, hidden };
        return draw();
      },
      setYear(year, since, compare = null) {
        when = { year, since, compare };
        place();
      },
      setTheme: draw,
      resize() {
        if (element.clientWidth === wide && element.clientHeight === high) return Promise.resolve();
        return draw();
      },
    };
  }

  return { create, axis, yearAt, edges, layers, reach, summary };
})();

// @ts-check
// The briefing's page: draws the sheet, lets its words be edited where they stand, and hands it out.
//
// Starts by itself once the page is there. The sheet on screen is the SVG of figure.js, the same that goes into every
// file. A person's words, shape and look are part of the selection and so of the address; nothing else is kept.
//   add-to-story   on a button: adds the view to the browser's own story, see stories.js
'use strict';
window.atlas = window.atlas || {};

window.atlas.brief = (() => {
  const { atlas } = window;
  const { el, byId, setText, whenThere, save } = atlas.dom;
  const { state } = atlas;
  const ASKED = { title: 'the title', note: 'a note', caveat: 'a handling caveat' };

  let parameters = [];
  let selection = null;
  let drawn = null; // {svg, facts, name, width, height} of the sheet on screen
  let asked = 0; // of several drawings under way the last counts

  const query = () => state.toQuery(selection, parameters);
  const say = (text) => setText(byId('atlas-brief-said'), text);

  async function composed(path) {
    return (await atlas.answers.ask(query() ? `${path}?${query()}` : path)).json();
  }

  /** Field over the sheet in which a person's words are edited where they stand. */
  function slot(key, box, width, height, most) {
    const share = (value, whole) => `${(value / whole) * 100}%`;
    const node = el('input', {
      className: 'brief-slot', type: 'text', maxlength: most, value: selection[key] ?? '', placeholder: `Add ${ASKED[key]}`,
      'aria-label': `Edit ${ASKED[key]} on the sheet`, dataset: { words: key },
    });
    Object.assign(node.style, { left: share(box.x0, width), top: share(box.y0, height), width: share(box.x1 - box.x0, width), height: share(box.y1 - box.y0, height) });
    node.style.setProperty('--size', `${(box.size / width) * 100}cqw`);
    node.classList.toggle('brief-slot-empty', !box.text);
    return node;
  }

  function show({ slots, most, width, height, facts }) {
    const place = byId('atlas-brief');
    const picture = atlas.figure.inline(drawn.svg, facts, 'brief-picture');
    place.replaceChildren(picture, ...Object.entries(slots).map(([key, box]) => slot(key, box, width, height, most[key])));
    place.style.aspectRatio = `${width} / ${height}`;
    place.dataset.shape = selection.shape;
    place.dataset.bsTheme = selection.theme;
    place.setAttribute('aria-busy', 'false');
  }

  function press() {
    for (const [action, value] of [['shape', selection.shape], ['sheet', selection.theme]]) {
      for (const node of document.querySelectorAll(`[data-action=${action}]`)) node.setAttribute('aria-pressed', String(node.dataset[action] === value));
    }
    for (const node of document.querySelectorAll('[data-words]')) if (node !== document.activeElement) node.value = selection[node.dataset.words] ?? '';
  }

  async function draw() {
    asked += 1;
    const mine = asked;
    byId('atlas-brief').setAttribute('aria-busy', 'true');
    press();
    try {
      const sheet = await composed('/api/brief');
      const svg = await atlas.figure.svg(sheet.figure, sheet.facts);
      if (mine !== asked) return;
      drawn = { svg, ...sheet };
      show(sheet);
      document.documentElement.classList.add('ready');
    } catch (error) {
      console.warn(`atlas.brief.draw(${query()}): ${error.message}`);
      if (mine === asked) say('The sheet could not be drawn; check the connection and reload the page.');
    }
  }

  function choose(change) {
    const next = { ...selection, ...change };
    if (state.same(next, selection)) return;
    selection = next;
    atlas.app.select(selection);
    history.replaceState(selection, '', state.address('/brief', selection, parameters));
    say('');
    draw();
  }

  // ---- files --------------------------------------------------------------------------------------------------------

  const hand = (blob, ending) => save(blob, `${drawn.name}.${ending}`);

  const png = (scale) => atlas.figure.png(drawn.svg, drawn.width, drawn.height, scale, drawn.facts);

  /** A slide: its picture is drawn without what the slide has as text of its own, and the server puts it together. */
  async function pptx() {
    const picture = await atlas.figure.picture(await composed('/api/brief/slide'), 2);
    return (await atlas.answers.ask(`/api/brief.pptx?${query()}`, { method: 'POST', body: picture, headers: { 'Content-Type': 'image/png' } })).blob();
  }

  const files = {
    'png-1': async () => hand(await png(1), 'png'),
    'png-2': async () => hand(await png(2), '2x.png'),
    'png-3': async () => hand(await png(3), '4k.png'),
    svg: async () => hand(new Blob([drawn.svg], { type: 'image/svg+xml' }), 'svg'),
    pdf: async () => hand(await atlas.figure.pdf(drawn.svg, drawn.width, drawn.height, drawn.facts), 'pdf'),
    pptx: async () => hand(await pptx(), 'pptx'),
    csv: async () => el('a', { href: `/api/brief.csv?${query()}`, download: `${drawn.name}.csv` }).click(),
    // The promise goes in, not its result: a browser lets the clipboard be written only right after the click.
    copy: () => navigator.clipboard.write([new ClipboardItem({ 'image/png': png(2) })]),
  };

  async function take(kind) {
    if (!drawn) return;
    say('One moment \u2026');
    try {
      await files[kind]();
      say(kind === 'copy' ? 'Copied.' : 'Saved.');
    } catch (error) {
      console.warn(`atlas.brief.take(${kind}): ${error.message}`);
      say(kind === 'copy' ? 'The browser did not let the picture be copied; save it as PNG.' : 'The file could not be made; reload the page and try again.');
    }
  }

  function addToStory() {
    if (!drawn) return;
    const { title, words } = drawn.facts;
    try {
      say(`${atlas.story.add({ title, text: selection.note ?? words, query: query(), dataset: selection.dataset })} `);
      byId('atlas-brief-said').append(el('a', { href: `/story/mine?dataset=${encodeURIComponent(selection.dataset)}` }, 'Open it'));
    } catch (error) { say(error.message); }
  }

  // ---- the page -----------------------------------------------------------------------------------------------------

  function listen() {
    document.addEventListener('click', (event) => {
      const node = event.target.closest('[data-action]');
      const action = node?.dataset.action ?? '';
      if (action === 'shape') choose({ shape: node.dataset.shape });
      else if (action === 'sheet') choose({ theme: node.dataset.sheet });
      else if (action === 'add-to-story') addToStory();
      else if (action.startsWith('file-')) take(action.slice('file-'.length));
    });
    document.addEventListener('change', ({ target }) => {
      if (target.dataset?.words) choose({ [target.dataset.words]: target.value.replace(/\s+/g, ' ').trim() || null });
    });
    document.addEventListener('keydown', (event) => {
      if (!event.target.dataset?.words) return;
      if (event.key === 'Enter') event.preventDefault();
      if (event.key === 'Escape') event.target.value = selection[event.target.dataset.words] ?? '';
      if (event.key === 'Enter' || event.key === 'Escape') event.target.blur();
    });
  }

  function mount() {
    const boot = JSON.parse(byId('atlas-boot').textContent);
    ({ parameters, selection } = boot);
    atlas.panels.notices(boot.notices);
    listen();
    draw();
  }

  whenThere(() => window.Plotly && byId('atlas-brief'), mount);

  return { draw };
})();

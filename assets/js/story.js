// @ts-check
// The pages of the stories: plays a story's views, hands it out, and edits the browser's own.
//
// Starts by itself once the page is there. A view is drawn by figure.js from /api/brief, as a briefing is; its number is
// the address's fragment. Keys: arrows, Home and End go through the views, the space bar plays.
'use strict';
window.atlas = window.atlas || {};

window.atlas.storyPage = (() => {
  const { atlas } = window;
  const { el, byId, setText, whenThere, save } = atlas.dom;
  const SHOWN_MS = 7000; // a view stands for this long when played: a sentence is read twice
  const DECK_SCALE = 1.5;
  const KEPT = 6; // drawings
  const narrow = matchMedia('(max-width: 600px)');
  const icon = (name) => el('span', { className: `icon icon-${name}`, 'aria-hidden': 'true' });

  let story = null; // {title, dataset, source, views: [{title, text, query}]}
  let own = false; // the browser's own
  let at = 0;
  let clock = 0;
  let asked = 0;
  let before = null; // the own story before the last removal or opening
  const drawings = new Map(); // of addresses: promise of {svg, facts, width, height}

  const say = (text) => setText(byId('atlas-story-said'), text);
  const theme = () => (document.documentElement.dataset.bsTheme === 'dark' ? 'dark' : 'light');

  /** Query of a view: with the story's words for slides and wide windows; a phone has them above the picture. */
  function query(view, look = {}) {
    const out = new URLSearchParams(view.query);
    const all = { dataset: story.dataset, title: view.title, note: view.text, ...look };
    for (const [key, value] of Object.entries(all)) if (value === null) out.delete(key); else out.set(key, value);
    return out.toString();
  }

  const look = () => (narrow.matches ? { theme: theme(), shape: 'square', title: null, note: null } : { theme: theme() });

  async function ask(address, options) {
    const answer = await fetch(address, options);
    if (answer.ok) return answer;
    const why = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : null;
    throw new Error(why ? `${why.what}; ${why.mend}` : `${address.split('?')[0]} answered ${answer.status}`);
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------

  function drawing(view) {
    const address = `/api/brief?${query(view, look())}`;
    if (!drawings.has(address)) {
      const made = ask(address).then((answer) => answer.json()).then(async (sheet) => ({ ...sheet, svg: await atlas.figure.svg(sheet.figure, sheet.facts) }));
      made.catch(() => drawings.delete(address));
      drawings.set(address, made);
      if (drawings.size > KEPT) drawings.delete(drawings.keys().next().value);
    }
    return drawings.get(address);
  }

  async function draw(view) {
    asked += 1;
    const mine = asked;
    const place = byId('atlas-story');
    place.setAttribute('aria-busy', 'true');
    try {
      const { svg, facts, width, height } = await drawing(view);
      if (mine !== asked) return;
      place.replaceChildren(atlas.figure.inline(svg, facts, 'story-picture'));
      place.style.setProperty('--wide', String(width / height));
      place.setAttribute('aria-busy', 'false');
      if (story.views[at + 1]) drawing(story.views[at + 1]).catch(() => { /* said once it is shown */ });
    } catch (error) {
      console.warn(`atlas.storyPage.draw: ${error.message}`);
      if (mine === asked) say(`This view could not be drawn: ${error.message}.`);
    }
  }

  // ---- playing ------------------------------------------------------------------------------------------------------

  function show(n) {
    const last = story.views.length - 1;
    at = Math.max(0, Math.min(n, last));
    const view = story.views[at];
    const empty = view === undefined;
    for (const node of document.querySelectorAll('.story-bar, .story-words, #atlas-story')) node.hidden = empty;
    if (empty) return;
    setText(byId('atlas-story-heading'), view.title);
    setText(byId('atlas-story-text'), view.text);
    setText(byId('atlas-story-at'), `${at + 1} of ${story.views.length}`);
    const slider = byId('atlas-story-slider').querySelector('input');
    Object.assign(slider, { max: last, value: at });
    slider.setAttribute('aria-valuetext', `${at + 1} of ${story.views.length}: ${view.title}`);
    byId('atlas-story-open').href = `/?${query(view, { title: null, note: null })}`;
    document.querySelector('[data-action=story-back]').disabled = at === 0;
    document.querySelector('[data-action=story-forward]').disabled = at === last;
    history.replaceState(history.state, '', `${location.pathname}${location.search}${at ? `#${at + 1}` : ''}`);
    say('');
    draw(view);
  }

  function playing(on) {
    clearInterval(clock);
    clock = on ? setInterval(() => { if (at < story.views.length - 1) show(at + 1); else playing(false); }, SHOWN_MS) : 0;
    const node = document.querySelector('[data-action=story-play]');
    const said = on ? 'Pause' : 'Play the story';
    node.setAttribute('aria-label', said);
    node.title = said;
    node.firstElementChild.className = `icon icon-${on ? 'pause' : 'play'}`;
  }

  function play() {
    const on = clock === 0;
    if (on && at === story.views.length - 1) show(0);
    playing(on);
  }

  function go(n) {
    playing(false);
    show(n);
  }

  // ---- files --------------------------------------------------------------------------------------------------------

  function hand(blob, ending) {
    const name = story.title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'story';
    save(blob, `${name}.${ending}`);
  }

  /** A slide of each view: drawn here, put together by the server, which keeps nothing. */
  async function deck() {
    const form = new FormData();
    form.append('story', JSON.stringify(story));
    for (const [n, view] of story.views.entries()) {
      say(`Drawing ${n + 1} of ${story.views.length} \u2026`);
      const sheet = await (await ask(`/api/brief/slide?${query(view)}`)).json();
      form.append(`picture${n}`, await atlas.figure.picture(sheet, DECK_SCALE), `${n}.png`);
    }
    say('Putting the slides together \u2026');
    return (await ask('/api/deck.pptx', { method: 'POST', body: form })).blob();
  }

  async function take(kind) {
    try {
      if (kind === 'deck') hand(await deck(), 'pptx');
      else if (own) hand(new Blob([atlas.story.toml(story)], { type: 'application/toml' }), 'toml');
      else hand(await (await ask(`/api/story/${encodeURIComponent(byId('atlas-story').dataset.story)}.toml`)).blob(), 'toml');
      say('Saved.');
    } catch (error) {
      console.warn(`atlas.storyPage.take(${kind}): ${error.message}`);
      say(`The file could not be made: ${error.message}.`);
    }
  }

  // ---- the browser's own story --------------------------------------------------------------------------------------

  /** Keep a changed story and show it; what was there before can be taken back where `undo` says what was done. */
  function change(next, shown, undo = '') {
    before = undo ? story : null;
    try {
      atlas.story.keep(next);
    } catch (error) { say(error.message); }
    story = next;
    drawings.clear();
    show(shown);
    editor();
    if (undo) say(undo);
  }

  const without = (n) => ({ ...story, views: story.views.filter((_, i) => i !== n) });

  function moved(n, to) {
    const views = [...story.views];
    views.splice(to, 0, ...views.splice(n, 1));
    return { ...story, views };
  }

  function reword(n, key, text) {
    const views = story.views.map((view, i) => (i === n ? { ...view, [key]: text } : view));
    change({ ...story, views }, n);
  }

  const tool = (name, label, onclick, disabled = false) => el('button', { type: 'button', className: 'action action-icon', 'aria-label': label, title: label, disabled, onclick, dataset: { tool: name } }, icon(name));

  function words(label, value, most, onchange) {
    const field = el('input', { type: 'text', className: 'story-field', maxlength: most, 'aria-label': label, onchange: () => {
      const text = atlas.story.fit(field.value, most);
      if (text) onchange(text); else field.value = value;
    } });
    field.value = value;
    return field;
  }

  function item(view, n) {
    const last = story.views.length - 1;
    const name = `view ${n + 1}`;
    const shift = (to, key) => { change(moved(n, to), to); byId('atlas-story-editor').querySelectorAll('li')[to].querySelector(`[data-tool=${key}]:not(:disabled), [data-tool]:not(:disabled)`)?.focus(); };
    return el('li', {},
      el('button', { type: 'button', className: 'action story-number', 'aria-label': `Show ${name}`, onclick: () => go(n) }, String(n + 1)),
      el('div', { className: 'story-fields' },
        words(`Title of ${name}`, view.title, atlas.story.MOST.title, (text) => reword(n, 'title', text)),
        words(`Sentence of ${name}`, view.text, atlas.story.MOST.text, (text) => reword(n, 'text', text))),
      el('div', { className: 'story-tools' },
        tool('up', `Move ${name} up`, () => shift(n - 1, 'up'), n === 0),
        tool('down', `Move ${name} down`, () => shift(n + 1, 'down'), n === last),
        tool('x', `Remove ${name}`, () => { change(without(n), Math.min(n, last - 1), 'Removed.'); byId('atlas-story-editor').querySelector('[data-undo]')?.focus(); })));
  }

  async function open(file) {
    try {
      const next = await (await ask('/api/story', { method: 'POST', body: file, headers: { 'Content-Type': 'text/plain' } })).json();
      change(next, 0, `Opened: ${next.title}.`);
      elsewhere();
    } catch (error) {
      say(`${file.name} could not be opened: ${error.message}.`);
    }
  }

  function editor() {
    const place = byId('atlas-story-editor');
    if (!place) return;
    setText(byId('atlas-story-title'), story.title);
    const file = el('input', { type: 'file', accept: '.toml', id: 'atlas-story-file', onchange: () => { if (file.files[0]) open(file.files[0]); } });
    const back = before;
    place.replaceChildren(
      el('h2', {}, 'Edit'),
      ...(story.views.length ? [] : [el('p', {}, 'There are no views yet: open a view as a briefing and choose \u201cAdd to story\u201d.')]),
      el('label', { className: 'story-naming' }, 'Title ', words('Title of the story', story.title, atlas.story.MOST.title, (title) => change({ ...story, title }, at))),
      el('ol', { className: 'story-views' }, story.views.map(item)),
      el('div', { className: 'story-tools' },
        ...(back ? [el('button', { type: 'button', className: 'action', dataset: { undo: '' }, onclick: () => change(back, 0) }, 'Undo')] : []),
        el('label', { className: 'story-opening' }, 'Open a story\u2019s file ', file)),
    );
  }

  // ---- the page -----------------------------------------------------------------------------------------------------

  const actions = {
    'story-back': () => go(at - 1),
    'story-forward': () => go(at + 1),
    'story-play': play,
    'story-full': () => (document.fullscreenElement ? document.exitFullscreen() : byId('main').requestFullscreen()),
    'story-deck': () => take('deck'),
    'story-save': () => take('save'),
    theme: () => show(at), // app.js has changed it before
  };

  const keys = { ArrowLeft: () => go(at - 1), ArrowRight: () => go(at + 1), Home: () => go(0), End: () => go(story.views.length - 1), ' ': play };

  function listen() {
    document.addEventListener('click', (event) => actions[event.target.closest('[data-action]')?.dataset.action]?.());
    document.addEventListener('keydown', (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches('input, textarea, select, summary')) return;
      if (event.key === ' ' && event.target.matches('button, a')) return;
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    addEventListener('hashchange', () => go(Number(location.hash.slice(1)) - 1 || 0));
    narrow.addEventListener('change', () => show(at));
    const slider = el('input', { type: 'range', min: 0, max: 0, step: 1, 'aria-label': 'View' });
    slider.addEventListener('input', () => go(Number(slider.value)));
    byId('atlas-story-slider').append(slider);
  }

  async function load(name) {
    own = name === 'mine';
    if (own) { atlas.story.onChange((next) => { story = next; show(at); editor(); }); return atlas.story.mine(); }
    return (await ask(`/api/story/${encodeURIComponent(name)}`)).json();
  }

  /** Go to the page of the own story's dataset, which every page speaks of at its top. */
  function elsewhere() {
    const { selection, datasets } = JSON.parse(byId('atlas-boot').textContent);
    if (!story.views.length || story.dataset === selection.dataset || !datasets.some(({ slug }) => slug === story.dataset)) return false;
    location.replace(`${location.pathname}?dataset=${encodeURIComponent(story.dataset)}${location.hash}`);
    return true;
  }

  async function mount() {
    try {
      story = await load(byId('atlas-story').dataset.story);
    } catch (error) {
      atlas.panels.notices([`The story cannot be shown: ${error.message}.`]);
      document.documentElement.classList.add('ready');
      return;
    }
    if (own && elsewhere()) return;
    listen();
    setText(byId('atlas-story-source'), story.source);
    editor();
    show(Number(location.hash.slice(1)) - 1 || 0);
    document.documentElement.classList.add('ready');
  }

  function count() {
    const n = atlas.story.mine().views.length;
    setText(document.querySelector('[data-story=count]'), `${n} view${n === 1 ? '' : 's'}, kept in this browser`);
    document.documentElement.classList.add('ready');
  }

  whenThere(() => window.Plotly && document.querySelector('.page-story'), () => (byId('atlas-story') ? mount() : count()));

  return { current: () => ({ story, at }) };
})();

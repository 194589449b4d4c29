// @ts-check
// The browser's own story: a list of views in localStorage, and what it is as a file. Nothing of it leaves the browser.
//
//   add({title, text, query, dataset}) -> sentence for the person; throws an Error with one where it cannot be added
//   mine() -> {title, dataset, source, views: [{title, text, query}]}, as /api/story gives a story
//   keep(story)          -> keeps it
//   onChange(then)       -> tells of changes by other tabs
//   toml(story) -> its text as data/stories reads it
// fit and toml are pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.story = (() => {
  const KEY = 'atlas-story';
  const MOST = { views: 60, title: 120, text: 160 }; // as data/stories/story.py has them
  // Words of a briefing and its look belong to the sheet, not to the view: a story has a look of its own.
  const LOOK = ['title', 'note', 'shape', 'theme', 'dataset', 'data', 'card', 'chart'];
  const EMPTY = { title: 'My story', dataset: '', source: '', views: [] };

  /** One line of at most so many letters. */
  function fit(text, most) {
    const line = String(text ?? '').replace(/\s+/g, ' ').trim();
    return [...line].length <= most ? line : `${[...line].slice(0, most - 1).join('').trimEnd()}\u2026`;
  }

  const isStory = (value) => value && typeof value.title === 'string' && typeof value.dataset === 'string' && Array.isArray(value.views)
    && value.views.every((view) => view && ['title', 'text', 'query'].every((key) => typeof view[key] === 'string'));

  function mine() {
    try {
      const value = JSON.parse(localStorage.getItem(KEY));
      if (isStory(value)) return { ...EMPTY, ...value, views: value.views.slice(0, MOST.views) };
    } catch { /* closed to us, or not what we wrote: begin anew */ }
    return structuredClone(EMPTY);
  }

  function keep(story) {
    try {
      localStorage.setItem(KEY, JSON.stringify(story));
    } catch {
      throw new Error('This browser keeps nothing for this site; allow it, or save the story as a file.');
    }
  }

  function add({ title, text, query, dataset }) {
    const story = mine();
    if (story.views.length && story.dataset !== dataset) throw new Error(`Your story is of the dataset ${story.dataset}; save it as a file and empty it to begin one of ${dataset}.`);
    if (story.views.length >= MOST.views) throw new Error(`Your story has ${MOST.views} views, which is the most.`);
    const view = new URLSearchParams(query);
    for (const key of LOOK) view.delete(key);
    story.dataset = dataset;
    story.views.push({ title: fit(title, MOST.title), text: fit(text, MOST.text) || fit(title, MOST.text), query: view.toString().replace(/%2C/g, ',') });
    keep(story);
    return `Added: your story has ${story.views.length} view${story.views.length === 1 ? '' : 's'}.`;
  }

  /** Text in double quotes, as TOML has it; words in braces mean numbers there, so a brace is written twice. */
  const quoted = (text, braces = false) => JSON.stringify(braces ? text.replace(/[{}]/g, '$&$&') : text).replace(/\x7f/g, '\\u007f');

  function toml({ title, dataset, source, views }) {
    const head = [`title = ${quoted(title)}`, `dataset = ${quoted(dataset)}`, ...(source ? [`source = ${quoted(source)}`] : [])];
    const each = views.map((view) => `[[view]]\ntitle = ${quoted(view.title, true)}\ntext = ${quoted(view.text, true)}\nquery = ${quoted(view.query)}\n`);
    return `${head.join('\n')}\n\n${each.join('\n')}`;
  }

  function onChange(then) {
    addEventListener('storage', (event) => { if (event.key === KEY) then(mine()); });
  }

  return { add, mine, keep, onChange, toml, fit, MOST };
})();

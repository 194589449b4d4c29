// @ts-check
// The card of one group beside the map: fetched once, kept while it stays the same, and given the focus.
//
// Called by app.js: atlas.card.show(selection) after every change of `card`; setYear(year) at every step;
// opened() before it opens and closed() after it closes, so that the focus goes back to where it was.
'use strict';
window.atlas = window.atlas || {};

window.atlas.card = (() => {
  const { byId, setText } = window.atlas.dom;
  const { ask } = window.atlas.answers;
  let wanted = null; // id of the group that was asked for last
  let opener = null; // what had the focus before the card opened

  async function load({ card: id, dataset, year }) {
    const body = byId('atlas-card');
    if (body.dataset.group !== id) {
      try {
        const text = await (await ask(`/api/card?dataset=${encodeURIComponent(dataset)}&card=${encodeURIComponent(id)}`)).text();
        if (wanted !== id) return; // overtaken by a later choice
        body.innerHTML = text; // the server's own, escaped; see components/markup.py
        body.dataset.group = id;
      } catch (error) {
        if (wanted !== id) return;
        console.warn(`atlas.card.load(${id}): ${error.message}`);
        body.textContent = 'This card could not be loaded. Close it, check the connection and open it again.';
        delete body.dataset.group;
        return;
      }
    }
    body.style.setProperty('--year', String(year));
    body.scrollTo(0, 0);
    body.querySelector('.card-title').focus({ preventScroll: true });
  }

  function show(selection) {
    const panel = document.querySelector('.group-card');
    if (!panel) return;
    wanted = selection.card;
    panel.hidden = wanted === null;
    document.documentElement.classList.toggle('card-open', wanted !== null);
    if (wanted === null) return;
    load(selection);
    setText(document.querySelector('[data-action=card-focus] .button-text'), selection.group === wanted ? 'End focus' : 'Focus');
  }

  return {
    show,
    // On the card alone: on the root it would have the style of the whole page computed anew at every step.
    setYear(year) { document.querySelector('.group-card')?.style.setProperty('--year', String(year)); },
    opened() { opener = document.activeElement; },
    closed() { if (opener?.isConnected) opener.focus(); },
  };
})();

// @ts-check
// What the pointer does to a drawing of marks: it names what it is over, and a click opens a group or a choice of some.
//
// Called by map.js and network.js: atlas.pointer.listen(element, {found, about, near, onGroup, onStack, hover})
//   found()     the hits of what is drawn now (atlas.hits.build), or null where nothing is
//   about()     what the tooltip needs beside the hit: {payload, slice}
//   near        px: groups that a click cannot tell apart
//   onGroup(group), onStack([group])      a click on one point, or near several; rows of payload.groups
//   onTie(hit, clientX, clientY)          a click on an arc or ring; whether it did anything
//   hover(info | null, clientX, clientY)  info as atlas.tooltip.show wants it
'use strict';
window.atlas = window.atlas || {};

window.atlas.pointer = (() => {
  const STILL = 4; // px: a press that moves less is a click

  function listen(element, { found, about, near: reach, onGroup, onStack, onTie = () => false, hover }) {
    let pressed = null;
    let asked = 0;
    const local = (event) => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const tell = (event) => {
      const info = found()?.at(...local(event)) ?? null;
      element.toggleAttribute('data-over', info?.kind === 'group');
      hover(info && { ...info, ...about() }, event.clientX, event.clientY);
    };
    element.addEventListener('pointermove', (event) => {
      if (event.buttons) { hover(null, event.clientX, event.clientY); return; }
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
      if (!still) return;
      cancelAnimationFrame(asked); // what a click opens is not to be covered by words about what is under it
      const near = found()?.groups(...local(event), reach) ?? [];
      if (near.length === 0) {
        const hit = found()?.at(...local(event));
        if (hit && onTie(hit, event.clientX, event.clientY)) hover(null, event.clientX, event.clientY);
        else if (event.pointerType !== 'mouse') tell(event);
        return;
      }
      hover(null, event.clientX, event.clientY);
      if (near.length === 1) onGroup(near[0]);
      else onStack(near);
    }, true);
  }

  return { listen };
})();

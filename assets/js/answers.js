// @ts-check
// Questions to the server about the data that this page was opened with.
//
// ask(address, options?) is fetch, but throws on an answer that is an error. The header X-Atlas-Data names the data of an
// answer (the hash of the dataset). Where it is not that of the page's first answer, the dataset has been replaced
// meanwhile: whoever was told by onReplaced(then) loads the page anew, and the question is never answered, so that
// nothing of the new data stands beside the old.
'use strict';
window.atlas = window.atlas || {};

window.atlas.answers = (() => {
  let first = null; // hash of the data of the page's first answer
  let replaced = () => location.reload();

  async function ask(address, options = {}) {
    const answer = await fetch(address, options);
    if (!answer.ok) throw new Error(`${address.split('?')[0]} answered ${answer.status}`);
    const data = answer.headers.get('X-Atlas-Data');
    first ??= data;
    if (data === null || data === first) return answer;
    replaced();
    return new Promise(() => {});
  }

  return { ask, onReplaced(then) { replaced = then; } };
})();

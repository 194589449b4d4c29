// @ts-check
// Dialogs that hand something out: a link, a citation, an embed. All go through one <dialog>.
//
// Called by app.js, method.js and group.js with `context`: {selection, parameters, version, payload, sentence}.
'use strict';
window.atlas = window.atlas || {};

window.atlas.dialogs = (() => {
  const { el, byId } = window.atlas.dom;
  const { state, format } = window.atlas;

  /** Address of the view that keeps its meaning: with the year and the dataset's version. */
  function permalink(context, path = '/') {
    return `${location.origin}${path}?${state.citedQuery(context.selection, context.parameters, context.version)}`;
  }

  /** Citation of the data and, where context.sentence says it, of this view of them, with the day they were read. */
  function citation(context, day = format.date()) {
    const { dataset } = context.payload;
    const made = dataset.status === 'synthetic' ? ' SYNTHETIC DATA.' : '';
    const view = context.sentence ? ` ${context.sentence}.` : '';
    return `${dataset.citation}.${made}${view} Alliance Atlas, ${permalink(context)} (accessed ${day}).`;
  }

  const attribute = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

  /** HTML that a web editor pastes; the second part lets the frame take the height that its width asks for. */
  function embedCode(context, height = 600) {
    const src = permalink(context, '/embed');
    const made = context.payload.dataset.status === 'synthetic' ? ' (synthetic data)' : '';
    const title = attribute(`Alliance Atlas${made}: ${context.sentence}`);
    return `<iframe src="${attribute(src)}" title="${title}" width="100%" height="${height}" style="border:0" loading="lazy"></iframe>\n`
      + '<script>addEventListener("message", function (e) {\n'
      + '  if (!e.data || e.data.type !== "alliance-atlas:height") return;\n'
      + `  if (e.origin !== ${JSON.stringify(location.origin)}) return;\n`
      + '  document.querySelectorAll("iframe").forEach(function (f) {\n'
      + '    if (f.contentWindow === e.source) f.height = e.data.height;\n'
      + '  });\n'
      + '});</' + 'script>';
  }

  /** Put a text on the clipboard, or have it copied by hand from the field that holds it; `said` tells which. */
  async function copy(text, field, said) {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = 'Copied.';
    } catch { // no permission, or no secure context: the person copies by hand
      field.focus();
      field.select();
      said.textContent = 'Press Ctrl+C to copy.';
    }
  }

  /** Show a text to take away. */
  function show(title, note, text, rows) {
    const dialog = byId('atlas-dialog');
    const field = el('textarea', { readonly: true, rows, 'aria-label': title, className: 'dialog-text' });
    field.value = text;
    const said = el('span', { className: 'dialog-said', role: 'status' });
    dialog.replaceChildren(
      el('h2', {}, title), el('p', {}, note), field,
      el('div', { className: 'dialog-actions' }, said,
        el('button', { type: 'button', className: 'action action-quiet', onclick: () => dialog.close() }, 'Close'),
        el('button', { type: 'button', className: 'action action-main', onclick: () => copy(text, field, said) }, 'Copy')),
    );
    dialog.setAttribute('aria-label', title);
    dialog.showModal();
    field.select();
    return { field, said };
  }

  function link(context, title = 'Link to this view') {
    const text = permalink(context);
    const { field, said } = show(title, 'With the year and the dataset\u2019s version, so that it keeps its meaning.', text, 3);
    copy(text, field, said);
  }

  const cite = (context) => show('Cite this view', 'The data, the view in words, the link and today\u2019s date. Cite a single relationship by its own sources, in the card of either group.', citation(context), 6);

  const embed = (context) => show('Embed this view', 'Paste into a page. Framing works on the sites that the server allows; the script gives the frame the height its width asks for and can be left out.', embedCode(context), 9);

  return { permalink, citation, embedCode, copy, link, cite, embed, show };
})();

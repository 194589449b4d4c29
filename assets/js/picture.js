// @ts-check
// Save picture: map and time chart with title, key figures, legend and source, as one PNG of 1600 x 900 (or twice that).
//
// Called by app.js: open(context, slice). The map and chart are drawn anew off screen at the picture's size, in the
// light theme that slides have, by the same code as on the page; text is set by the canvas in the page's own font.
'use strict';
window.atlas = window.atlas || {};

window.atlas.picture = (() => {
  const { el, byId } = window.atlas.dom;
  const { format, dialogs } = window.atlas;
  const WIDTH = 1600;
  const HEIGHT = 900;
  const MARGIN = 44;
  const SIDE = 268; // key figures
  const GAP = 28;
  const MAIN = WIDTH - 2 * MARGIN - SIDE - GAP;
  const CHART = 150;
  const FAMILY = '"Inter Variable", Inter, sans-serif';
  const LETTERS = { title: 30, text: 16, small: 15, figure: 30 };

  let face = null;

  /** The page's font as a style for SVG images, which see no fonts of the page. */
  async function fontStyle() {
    if (face !== null) return face;
    const rule = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .find((r) => r instanceof CSSFontFaceRule && r.cssText.includes('inter-latin.woff2'));
    const address = rule && /url\("?([^")]+)"?\)/.exec(rule.cssText)[1];
    const bytes = address ? new Uint8Array(await (await fetch(new URL(address, rule.parentStyleSheet.href))).arrayBuffer()) : null;
    const text = bytes ? btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), '')) : '';
    face = text ? `<style>@font-face{font-family:"Inter Variable";font-weight:100 900;src:url(data:font/woff2;base64,${text}) format("woff2")}</style>` : '';
    return face;
  }

  /** An SVG text as an image that the canvas can draw. */
  async function asImage(svg) {
    const image = new Image();
    const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    try {
      image.src = address;
      await image.decode();
    } finally {
      URL.revokeObjectURL(address);
    }
    return image;
  }

  const svgImage = async (svg) => asImage(svg.replace(/(<svg[^>]*>)/, `$1${await fontStyle()}`));

  async function plotImage(node, width, height) {
    const address = await window.Plotly.toImage(node, { format: 'svg', width, height });
    return svgImage(decodeURIComponent(address.slice(address.indexOf(',') + 1)));
  }

  /** Place off screen where a plot of that size can be made; light, whatever the page is. */
  function offScreen(width, height) {
    const node = el('div', { className: 'off-screen', 'data-bs-theme': 'light', 'aria-hidden': 'true' });
    Object.assign(node.style, { width: `${width}px`, height: `${height}px` });
    document.body.append(node);
    return node;
  }

  /** The ground and the marks over it, as two images. */
  async function mapImages(context, slice, width, height) {
    const node = offScreen(width, height);
    const map = window.atlas.map.create(node, { payload: context.payload, still: true });
    try {
      await map.setExtent(context.selection.map);
      await map.update(slice);
      const marks = new XMLSerializer().serializeToString(node.querySelector('.map-marks'));
      return [await plotImage(node.querySelector('.map-plot'), width, height), await svgImage(marks)];
    } finally {
      window.Plotly.purge(node.querySelector('.map-plot'));
      node.remove();
    }
  }

  async function chartImage(context, width, height) {
    const node = offScreen(width, height);
    const chart = window.atlas.chart.create(node, { payload: context.payload });
    try {
      await chart.setColouring(context.selection.colour, new Set(context.selection.hide));
      return await plotImage(node.querySelector('.chart-plot'), width, height);
    } finally {
      window.Plotly.purge(node.querySelector('.chart-plot'));
      node.remove();
    }
  }

  // ---- text ---------------------------------------------------------------------------------------------------------

  /** Break a text into lines no wider than `width` in the present font; a single longer word is broken where it must. */
  function lines(canvas, text, width) {
    const out = [];
    let line = '';
    for (const word of text.split(' ')) {
      let rest = word;
      const longer = line ? `${line} ${rest}` : rest;
      if (canvas.measureText(longer).width <= width) { line = longer; continue; }
      if (line) out.push(line);
      while (canvas.measureText(rest).width > width && rest.length > 1) {
        let n = rest.length - 1;
        while (n > 1 && canvas.measureText(rest.slice(0, n)).width > width) n -= 1;
        out.push(rest.slice(0, n));
        rest = rest.slice(n);
      }
      line = rest;
    }
    return line ? [...out, line] : out;
  }

  function font(canvas, size, weight = 420) {
    canvas.font = `${weight} ${size}px ${FAMILY}`;
  }

  /** Title that fits: the largest size at which it takes at most two lines. Returns the y below it. */
  function drawTitle(canvas, text, ink) {
    let size = LETTERS.title;
    let set = [];
    for (; size >= 18; size -= 1) {
      font(canvas, size, 640);
      set = lines(canvas, text, WIDTH - 2 * MARGIN);
      if (set.length <= 2) break;
    }
    canvas.fillStyle = ink;
    set.forEach((line, i) => canvas.fillText(line, MARGIN, MARGIN + size + i * size * 1.28 - 4));
    return MARGIN + size + (set.length - 1) * size * 1.28 + 10;
  }

  function drawFigures(canvas, context, top, colours) {
    const x = WIDTH - MARGIN - SIDE;
    let y = top + 14;
    for (const node of document.querySelectorAll('.figure')) {
      const text = (selector) => node.querySelector(selector)?.textContent ?? '';
      canvas.fillStyle = colours.quiet;
      font(canvas, LETTERS.small);
      canvas.fillText(text('.figure-label'), x, y);
      canvas.fillStyle = colours.ink;
      font(canvas, LETTERS.figure, 640);
      canvas.fillText(text('.figure-value'), x, y + 33);
      canvas.fillStyle = colours.quiet;
      font(canvas, LETTERS.small);
      canvas.fillText(text('.figure-change'), x, y + 54);
      y += 86;
    }
  }

  /** Legend of the classes in view: swatch, label, count. Returns the height that it takes; draws where `y` is given. */
  function legend(canvas, context, slice, colours, y = null) {
    font(canvas, LETTERS.small);
    const entries = context.payload.vocabulary[context.selection.colour]
      .map((entry, place) => ({ ...entry, place, n: slice.counts[place] }))
      .filter((entry) => entry.n > 0 && !context.selection.hide.includes(entry.key))
      .map((entry) => ({ text: `${entry.label} ${entry.n}`, colour: colours.of(entry.place) }));
    const notes = [slice.dashedCount && `dashed: rhetorical only ${slice.dashedCount}`, slice.withinCount && `ring: within one place ${slice.withinCount}`,
      slice.faintCount && `lighter: low confidence ${slice.faintCount}`].filter(Boolean).map((text) => ({ text, colour: null }));
    let x = MARGIN;
    let row = 0;
    for (const { text, colour } of [...entries, ...notes]) {
      const width = canvas.measureText(text).width + (colour ? 24 : 0);
      if (x + width > MARGIN + MAIN && x > MARGIN) { x = MARGIN; row += 1; }
      if (y !== null) {
        if (colour) { canvas.fillStyle = colour; canvas.fillRect(x, y + row * 23 - 8, 16, 4); }
        canvas.fillStyle = colours.quiet;
        canvas.fillText(text, x + (colour ? 22 : 0), y + row * 23);
      }
      x += width + 20;
    }
    return (row + 1) * 23;
  }

  function drawCursor(canvas, context, top, colours) {
    const { left, step } = window.atlas.chart.axis(MAIN, context.payload);
    const { year, since } = context.selection;
    const at = (y) => MARGIN + left + (y - context.payload.dataset.first_year) * step;
    canvas.fillStyle = colours.ink;
    if (since !== null) {
      canvas.globalAlpha = 0.1;
      canvas.fillRect(at(since) - step / 2, top, at(year) - at(since) + step, CHART - 24);
      canvas.globalAlpha = 1;
    }
    canvas.fillRect(at(year) - 0.75, top, 1.5, CHART - 22);
    font(canvas, LETTERS.small, 640);
    canvas.textAlign = at(year) > MARGIN + MAIN - 60 ? 'right' : 'left';
    canvas.fillText(format.span(context.selection), at(year) + (canvas.textAlign === 'left' ? 6 : -6), top + 12);
    canvas.textAlign = 'left';
  }

  const synthetic = (context) => context.payload.dataset.status === 'synthetic';

  const madeUp = (context) => (synthetic(context) ? 'SYNTHETIC DATA: ' : '');

  function drawSource(canvas, context, bottom, colours) {
    const { dataset } = context.payload;
    font(canvas, LETTERS.small);
    canvas.fillStyle = colours.quiet;
    const texts = [
      `${madeUp(context)}Source: ${dataset.citation}. ${dataset.title}, version ${dataset.version}. ${dataset.licence}. Made ${format.date()}.`,
      `${dataset.disclaimer} Borders: Natural Earth; they imply no endorsement.`,
      dialogs.permalink(context),
    ];
    const set = texts.flatMap((text) => lines(canvas, text, WIDTH - 2 * MARGIN));
    set.forEach((line, i) => canvas.fillText(line, MARGIN, bottom - (set.length - 1 - i) * 20));
    return bottom - set.length * 20;
  }

  /** The whole picture on a canvas of scale times 1600 x 900. */
  async function compose(context, slice, scale) {
    await document.fonts.load(`420 16px ${FAMILY}`);
    const sheet = el('canvas', { width: WIDTH * scale, height: HEIGHT * scale });
    const canvas = sheet.getContext('2d');
    canvas.scale(scale, scale);
    const light = offScreen(0, 0);
    const token = (name) => getComputedStyle(light).getPropertyValue(name).trim();
    const colours = {
      paper: token('--paper'), ink: token('--ink'), quiet: token('--quiet'),
      of: (place) => window.atlas.colours.resolve(context.payload, context.selection.colour, place, light),
    };
    canvas.fillStyle = colours.paper;
    canvas.fillRect(0, 0, WIDTH, HEIGHT);
    const top = drawTitle(canvas, madeUp(context) + context.sentence, colours.ink);
    const foot = drawSource(canvas, context, HEIGHT - 26, colours);
    const key = legend(canvas, context, slice, colours);
    const chartTop = foot - 8 - CHART;
    const mapHeight = chartTop - key - top - 14;
    for (const image of await mapImages(context, slice, MAIN, mapHeight)) canvas.drawImage(image, MARGIN, top, MAIN, mapHeight);
    legend(canvas, context, slice, colours, top + mapHeight + 22);
    canvas.drawImage(await chartImage(context, MAIN, CHART), MARGIN, chartTop, MAIN, CHART);
    drawCursor(canvas, context, chartTop, colours);
    drawFigures(canvas, context, top, colours);
    light.remove();
    return sheet;
  }

  const asBlob = (sheet) => new Promise((resolve) => { sheet.toBlob(resolve, 'image/png'); });

  function fileName(context, scale) {
    const words = context.payload.what.replace(/[^a-z0-9]+/gi, '-').slice(0, 60).replace(/-+$/, '');
    return ['alliance-atlas', format.span(context.selection).replace('\u2013', '-'), words, synthetic(context) ? 'synthetic' : '', scale > 1 ? `${scale}x` : ''].filter(Boolean).join('-') + '.png';
  }

  async function save(context, slice, scale, said) {
    said.textContent = 'Drawing \u2026';
    try {
      const address = URL.createObjectURL(await asBlob(await compose(context, slice, scale)));
      el('a', { href: address, download: fileName(context, scale) }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
      said.textContent = 'Saved.';
    } catch (error) {
      console.warn(`atlas.picture.save(${scale}): ${error.message}`);
      said.textContent = 'The picture could not be drawn; reload the page and try again.';
    }
  }

  /** Dialog with the picture as it will be, and the two sizes. */
  async function open(context, slice) {
    const dialog = byId('atlas-dialog');
    const said = el('span', { className: 'dialog-said', role: 'status' }, 'Drawing \u2026');
    const choose = (scale, kind) => el('button', {
      type: 'button', className: `action action-${kind}`, onclick: () => save(context, slice, scale, said), dataset: { scale: String(scale) },
    }, `PNG ${WIDTH * scale} \u00d7 ${HEIGHT * scale}`);
    const preview = el('img', { className: 'dialog-picture', alt: context.sentence, width: WIDTH, height: HEIGHT });
    dialog.replaceChildren(
      el('h2', {}, 'Save picture'), preview,
      el('div', { className: 'dialog-actions' }, said,
        el('button', { type: 'button', className: 'action action-quiet', onclick: () => dialog.close() }, 'Close'), choose(1, 'quiet'), choose(2, 'main')),
    );
    dialog.setAttribute('aria-label', 'Save picture');
    dialog.showModal();
    try {
      preview.src = URL.createObjectURL(await asBlob(await compose(context, slice, 1)));
      said.textContent = '';
    } catch (error) {
      console.warn(`atlas.picture.open: ${error.message}`);
      said.textContent = 'The picture could not be drawn; reload the page and try again.';
    }
  }

  return { compose, open, lines, fileName };
})();

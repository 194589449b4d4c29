// @ts-check
// The briefing as a file: one SVG text drawn by plotly.js from the composition, and what is made of it.
//
// Called by brief.js, story.js and the command line's own page (which has no other script but plotly.js).
//   svg(figure, facts) -> promise of the SVG's text, the same for the same figure: plotly.js's random ids are named anew,
//                         the page's font and the facts are in it, its text is text
//   inline(svg, facts, className) -> the same as an element for a page that has the font
//   picture(sheet, scale)         -> promise of a PNG of what /api/brief or /api/brief/slide describes
//   png(svg, width, height, scale, facts) -> promise of a PNG of scale times that size, with the facts in it
//   pdf(svg, width, height, facts)        -> promise of a PDF of one page, all vectors; loads what that needs
//   figure   {data, layout} of components/brief
//   facts    {title, alt, source, link, day, synthetic} as /api/brief gives them
// steady and chunks are pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.figure = (() => {
  const INCH = 96; // px of a sheet

  // ---- SVG ----------------------------------------------------------------------------------------------------------

  /** SVG text with plotly.js's random part of its ids made a constant, and paths to a hundredth of a pixel. */
  function steady(svg) {
    const random = /id="defs-([0-9a-f]{6})"/.exec(svg)?.[1];
    const named = random ? svg.replace(new RegExp(`((?:id="|#)[a-z]+-?)${random}`, 'g'), '$1atlas') : svg;
    return named.replace(/ d="[^"]*"/g, (d) => d.replace(/-?\d+\.\d{3,}(e-\d+)?/g, (number) => String(Math.round(number * 100) / 100)));
  }

  const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

  async function base64(address) {
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  }

  let faces = null;

  /** The page's own font files: [{ranges, data}], the letters that each has and its bytes; given, or as the styles name them. */
  function fonts() {
    faces ??= Promise.all(window.atlas.fonts ?? [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSFontFaceRule && rule.style.fontFamily.includes('Inter Variable'))
      .map(async (rule) => ({
        ranges: rule.style.unicodeRange,
        data: await base64(new URL(/url\("?([^")]+)"?\)/.exec(rule.cssText)[1], rule.parentStyleSheet.href)),
      })));
    return faces;
  }

  /** Whether a text has a letter of CSS's unicode-range. */
  function covers(ranges, letters) {
    const spans = ranges.toUpperCase().split(',').map((range) => range.trim().replace('U+', '').split('-').map((n) => parseInt(n, 16)));
    return [...letters].some((letter) => spans.some(([low, high = low]) => letter.codePointAt(0) >= low && letter.codePointAt(0) <= high));
  }

  async function fontStyle(svg) {
    const letters = new Set(svg.replace(/<[^>]*>/g, ''));
    const used = (await fonts()).filter(({ ranges }) => covers(ranges, letters));
    return used.map(({ ranges, data }) => `@font-face{font-family:"Inter Variable";font-weight:100 900;src:url(data:font/woff2;base64,${data}) format("woff2");unicode-range:${ranges}}`).join('');
  }

  /** Title, description and the facts in the terms of Dublin Core. */
  function metadata({ title, alt, source, link, day, synthetic }) {
    const terms = { title, description: alt, source, identifier: link, date: day, type: synthetic || 'Image', creator: 'Alliance Atlas' };
    const said = Object.entries(terms).map(([name, text]) => `<dc:${name}>${escape(text)}</dc:${name}>`).join('');
    return `<title>${escape(title)}</title><desc>${escape(alt)}</desc><metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="">${said}</rdf:Description></rdf:RDF></metadata>`;
  }

  async function svg({ data, layout }, facts) {
    const config = { topojsonURL: window.atlas.config?.topojson ?? '/assets/topojson/' };
    const address = await window.Plotly.toImage({ data, layout, config }, { format: 'svg', width: layout.width, height: layout.height });
    const drawn = steady(decodeURIComponent(address.slice(address.indexOf(',') + 1)));
    const style = await fontStyle(drawn);
    return drawn.replace(/(<svg[^>]*)>/, `$1 role="img">${metadata(facts)}<style>${style} text{text-rendering:geometricPrecision}</style>`);
  }

  /** The sheet as an element of the page, which has the font already. */
  function inline(text, facts, className) {
    const picture = document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true);
    picture.querySelector('style')?.remove();
    picture.setAttribute('aria-label', facts.alt);
    picture.classList.add(className);
    return picture;
  }

  // ---- PNG ----------------------------------------------------------------------------------------------------------

  let table = null;

  /** CRC-32 as PNG has it (ISO 3309). */
  function crc(bytes) {
    table ??= Uint32Array.from({ length: 256 }, (_, n) => {
      let c = n;
      for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      return c;
    });
    let c = 0xffffffff;
    for (const byte of bytes) c = table[(c ^ byte) & 0xff] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  }

  function chunk(type, body) {
    const out = new Uint8Array(12 + body.length);
    const view = new DataView(out.buffer);
    view.setUint32(0, body.length);
    out.set(new TextEncoder().encode(type), 4);
    out.set(body, 8);
    view.setUint32(8 + body.length, crc(out.subarray(4, 8 + body.length)));
    return out;
  }

  /** The facts as iTXt chunks under PNG's own keywords, and the size in print as pHYs. */
  function chunks({ title, alt, source, link, day, synthetic }, scale) {
    const texts = { Title: title, Description: alt, Source: `${source} ${link}`, 'Creation Time': day, Software: 'Alliance Atlas', ...(synthetic ? { Warning: synthetic } : {}) };
    const size = new Uint8Array(9);
    const metre = Math.round((INCH * scale) / 0.0254);
    new DataView(size.buffer).setUint32(0, metre);
    new DataView(size.buffer).setUint32(4, metre);
    size[8] = 1;
    return [chunk('pHYs', size), ...Object.entries(texts).map(([key, text]) => chunk('iTXt', new TextEncoder().encode(`${key}\0\0\0\0\0${text}`)))];
  }

  async function png(text, width, height, scale, facts) {
    const image = new Image();
    const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
    const sheet = document.createElement('canvas');
    try {
      image.src = address;
      await image.decode();
      [sheet.width, sheet.height] = [Math.round(width * scale), Math.round(height * scale)];
      sheet.getContext('2d').drawImage(image, 0, 0, sheet.width, sheet.height);
    } finally {
      URL.revokeObjectURL(address);
    }
    const blob = await new Promise((resolve) => { sheet.toBlob(resolve, 'image/png'); });
    if (!blob) throw new Error(`no PNG of ${sheet.width} x ${sheet.height} pixels can be made here`);
    const head = 33; // signature and IHDR
    return new Blob([blob.slice(0, head), ...chunks(facts, scale), blob.slice(head)], { type: 'image/png' });
  }

  /** PNG of a figure as the server describes it: {figure, facts, width, height}. */
  const picture = async ({ figure, facts, width, height }, scale) => png(await svg(figure, facts), width, height, scale, facts);

  // ---- PDF ----------------------------------------------------------------------------------------------------------

  const scripts = new Map();

  function load(address) {
    if (!scripts.has(address)) {
      scripts.set(address, new Promise((resolve, reject) => {
        const node = document.createElement('script');
        node.src = address;
        node.onload = resolve;
        node.onerror = () => { scripts.delete(address); reject(new Error(`${address} could not be loaded`)); };
        document.head.append(node);
      }));
    }
    return scripts.get(address);
  }

  /** The SVG as svg2pdf.js reads it: two weights, one family, and no letters that the font lacks. */
  function plainer(text) {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    for (const node of root.querySelectorAll('style, metadata, title, desc')) node.remove();
    for (const node of root.querySelectorAll('text, tspan')) {
      const weight = Number(node.style.fontWeight);
      if (weight) node.style.fontWeight = weight > 500 ? 'bold' : 'normal';
      if (node.style.fontFamily) node.style.fontFamily = 'Inter';
    }
    return root;
  }

  async function pdf(text, width, height, { title, alt, source, link, day, synthetic }) {
    const vendor = (name) => new URL(name, window.atlas.config?.vendor ?? `${location.origin}/assets/vendor/`).href;
    await load(vendor('jspdf.umd.min.js'));
    await load(vendor('svg2pdf.umd.min.js'));
    const points = (px) => (px / INCH) * 72;
    const file = new window.jspdf.jsPDF({
      unit: 'pt', format: [points(width), points(height)], orientation: width > height ? 'landscape' : 'portrait', compress: true,
    });
    for (const [name, style] of [['normal', 'normal'], ['strong', 'bold']]) {
      file.addFileToVFS(`inter-${name}.ttf`, await base64(vendor(`inter-${name}.ttf`)));
      file.addFont(`inter-${name}.ttf`, 'Inter', style);
    }
    file.setProperties({ title, subject: alt, author: 'Alliance Atlas', keywords: [synthetic, source, link, day].filter(Boolean).join(' '), creator: 'Alliance Atlas' });
    file.setLanguage('en');
    const root = plainer(text);
    const shelf = document.createElement('div');
    shelf.className = 'off-screen';
    shelf.append(document.importNode(root, true));
    document.body.append(shelf); // svg2pdf.js asks the browser for sizes of text
    const drawn = shelf.firstElementChild;
    try {
      const links = [...drawn.querySelectorAll('a')].map((node) => ({ url: node.getAttribute('href') ?? node.getAttribute('xlink:href'), box: node.getBoundingClientRect() }));
      for (const node of drawn.querySelectorAll('a')) node.replaceWith(...node.childNodes); // svg2pdf.js leaves them out
      const { left, top } = drawn.getBoundingClientRect();
      await file.svg(drawn, { x: 0, y: 0, width: points(width), height: points(height) });
      for (const { url, box } of links) file.link(points(box.left - left), points(box.top - top), points(box.width), points(box.height), { url });
    } finally {
      shelf.remove();
    }
    return file.output('blob');
  }

  return { svg, inline, png, picture, pdf, steady, chunks };
})();

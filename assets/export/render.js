// @ts-check
// The command line's own page: draws a composition by figure.js, the same script as the browser's pages.
//
// components/exports/render.py makes the page and presets what needs no file: window.atlas.fonts [{ranges, data}] and
// window.PlotlyGeoAssets. kaleido calls kaleido_scopes.plotly(spec) and takes {code, message, format, result}:
//   spec     {format, width, height, scale, data: {data, layout, facts}}: sizes in px of the sheet; format svg, png or pdf
//   result   SVG text, or base64 of the PNG; of a PDF nothing: kaleido prints the page, which then holds the sheet alone
'use strict';

window.kaleido_scopes = (() => {
  const { atlas } = window;

  /** The page's font, which plotly.js measures text with. */
  async function faces() {
    const known = atlas.fonts.map(({ ranges, data }) => new FontFace('Inter Variable', `url(data:font/woff2;base64,${data})`, { weight: '100 900', unicodeRange: ranges }));
    for (const face of known) document.fonts.add(await face.load());
  }

  const ready = faces();

  /** The sheet alone on a page of its size, whose title is the file's. */
  function sheet(svg, width, height, facts) {
    document.title = facts.title;
    document.documentElement.lang = 'en';
    const size = document.createElement('style');
    size.textContent = `@page { size: ${width / 96}in ${height / 96}in; margin: 0 } html, body { margin: 0; padding: 0 } svg { display: block }`;
    document.head.append(size);
    document.body.replaceChildren(document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true));
  }

  function base64(blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).split(',')[1]);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  }

  async function plotly({ format, width, height, scale, data: { data, layout, facts } }) {
    await ready;
    const svg = await atlas.figure.svg({ data, layout }, facts);
    if (format === 'png') return { code: 0, format, result: await base64(await atlas.figure.png(svg, width, height, scale, facts)) };
    if (format === 'pdf') sheet(svg, width, height, facts);
    return { code: 0, format, result: format === 'svg' ? svg : null };
  }

  return { plotly };
})();

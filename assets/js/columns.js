// @ts-check
// The packed payload of a large dataset, made into the payload that everything else reads.
//
// Called by app.js: atlas.columns.read(buffer) -> payload; `buffer` is the answer of /api/packed (data/packed.py says
// how it is laid out). Its columns are typed arrays, or arrays where a value can be null. What differs from the answer of
// /api/payload: relationships have no ids; groups have `row`, their row in the dataset, and ids and names of those that
// lead the list of groups in some year, null else (names.js brings the others). Pure.
'use strict';
window.atlas = window.atlas || {};

window.atlas.columns = (() => {
  const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };

  /** Numbers of one column; of two or four bytes each, all low bytes stand first. */
  function numbers(bytes, at, { from, size, n, summed = false }, base = null) {
    const values = from === 0 && !summed && base === null ? new ARRAYS[size](n) : new Int32Array(n);
    for (let plane = 0; plane < size; plane += 1) {
      for (let i = 0, j = at + plane * n; i < n; i += 1, j += 1) values[i] |= bytes[j] << (8 * plane);
    }
    if (from !== 0) for (let i = 0; i < n; i += 1) values[i] += from;
    if (summed) for (let i = 1; i < n; i += 1) values[i] += values[i - 1];
    if (base !== null) for (let i = 0; i < n; i += 1) values[i] += base[i];
    return values;
  }

  /** `column` filled with what `of(i)` gives: a plain loop, as Array.from takes ten times as long. */
  function filled(column, of) {
    for (let i = 0, n = column.length; i < n; i += 1) column[i] = of(i);
    return column;
  }

  /** A column that two others settle by a table. */
  const lookedUp = ({ width, table }, p, q) => filled(new Uint8Array(p.length), (i) => table[p[i] * width + q[i]]);

  function read(buffer) {
    const bytes = new Uint8Array(buffer);
    const length = new DataView(buffer).getUint32(0, true);
    const { columns, bases, named, settled, ...payload } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    Object.assign(payload, { groups: {}, relationships: {}, rivals: {} });
    let at = 4 + length;
    for (const how of columns) {
      payload[how.of][how.key] = numbers(bytes, at, how, how.plus ? payload[how.of][how.plus] : null);
      at += how.size * how.n;
    }
    const { groups, relationships: ties } = payload;
    const { base, ...rest } = groups;
    payload.groups = { ...rest, ...Object.fromEntries(
      Object.entries(bases).map(([key, table]) => [key, filled(new Array(base.length), (g) => table[base[g]])]),
    ) };
    for (const key of ['id', 'name']) {
      const column = new Array(base.length).fill(null);
      named.at.forEach((g, i) => { column[g] = named[key][i]; });
      payload.groups[key] = column;
    }
    const { region } = payload.groups;
    const of = (ends) => filled(new Uint8Array(ends.length), (i) => region[ends[i]]);
    ties.type = lookedUp(settled.type, ties.types, ties.coded);
    ties.region = lookedUp(settled.region, of(ties.a), of(ties.b));
    return payload;
  }

  return { read };
})();

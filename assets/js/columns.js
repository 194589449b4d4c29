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

  /** A column that two others settle by a table. */
  const lookedUp = ({ width, table }, p, q) => Uint8Array.from(p, (value, i) => table[value * width + q[i]]);

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
    payload.groups = { ...rest, ...Object.fromEntries(Object.entries(bases).map(([key, table]) => [key, Array.from(base, (i) => table[i])])) };
    for (const key of ['id', 'name']) {
      const column = new Array(base.length).fill(null);
      named.at.forEach((g, i) => { column[g] = named[key][i]; });
      payload.groups[key] = column;
    }
    const { region } = payload.groups;
    const of = (ends) => Uint8Array.from(ends, (g) => region[g]);
    ties.type = lookedUp(settled.type, ties.types, ties.coded);
    ties.region = lookedUp(settled.region, of(ties.a), of(ties.b));
    return payload;
  }

  return { read };
})();

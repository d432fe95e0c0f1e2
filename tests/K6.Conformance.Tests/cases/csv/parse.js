// Whole files.
// @args --summary-mode disabled
import { open } from 'k6/experimental/fs';
import csv from 'k6/experimental/csv';
const tried = async (name, f) => { try { const r = await f(); console.log(name, r.length, JSON.stringify(r)); } catch (e) { console.log(name, String(e)); } };
const people = await open('data/people.csv');
for (const o of [undefined, null, {}, { skipFirstLine: true }, { fromLine: 1 }, { fromLine: 2 }, { toLine: 2 }, { fromLine: 1, toLine: 2 }, { asObjects: true }, { asObjects: true, fromLine: 1 }, { asObjects: true, skipFirstLine: true }, { skipFirstLine: true, fromLine: 1 }, { fromLine: 9 }, { asObjects: true, toLine: 2 }]) await tried(`people ${JSON.stringify(o)}`, async () => csv.parse(await open('data/people.csv'), o));
for (const o of [{ delimiter: ';' }, {}, { delimiter: ';;' }, { delimiter: 5 }, { delimiter: null }, { fromLine: -1 }, { fromLine: 2, toLine: 1 }, { toLine: -1 }, { fromLine: 'x' }, { nope: 1 }]) await tried(`semicolon ${JSON.stringify(o)}`, async () => csv.parse(await open('data/semicolon.csv'), o));
for (const f of ['ragged', 'quotes', 'empty']) { const file = await open(`data/${f}.csv`); await tried(f, () => csv.parse(file)); await tried(`${f} as objects`, () => csv.parse(file, { asObjects: true })); await tried(`${f} again`, async () => csv.parse(await open(`data/${f}.csv`), { asObjects: true })); }
for (const f of [undefined, null, 'x', {}]) await tried(`file ${JSON.stringify(f)}`, () => csv.parse(f));
const shared = await csv.parse(people);
export default async function () {
  console.log(Array.isArray(shared), shared[1][0], [...shared].length);
  try { shared[0] = 1; } catch (e) { console.log(String(e)); }
  await tried('late', () => csv.parse(people));
}

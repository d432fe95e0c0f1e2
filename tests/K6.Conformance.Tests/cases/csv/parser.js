// Line by line.
// @args --summary-mode disabled
import { open } from 'k6/experimental/fs';
import csv from 'k6/experimental/csv';
export const options = { iterations: 3 };
const people = await open('data/people.csv'), all = [];
for (const o of [{}, { skipFirstLine: true }, { fromLine: 1, toLine: 2 }, { asObjects: true }]) all.push(new csv.Parser(await open('data/people.csv'), o));
const ragged = new csv.Parser(await open('data/ragged.csv')), quotes = new csv.Parser(await open('data/quotes.csv'));
for (const a of [[], [null], ['x'], [people, { delimiter: 'ab' }], [people, { fromLine: -1 }], [people, { fromLine: 3, toLine: 1 }]]) { try { new csv.Parser(...a); console.log('fine'); } catch (e) { console.log(String(e)); } }
const next = async (name, p) => { try { const r = await p.next(); console.log(name, Object.keys(r).sort().join(), r.done, JSON.stringify(r.value && !Array.isArray(r.value) ? Object.entries(r.value).sort() : r.value)); } catch (e) { console.log(name, String(e)); } };
export default async function () {
  for (let i = 0; i < all.length; i++) { await next(i, all[i]); await next(i, all[i]); }
  await next('ragged', ragged);
  await next('quotes', quotes);
  try { new csv.Parser(people); console.log('late'); } catch (e) { console.log(String(e)); }
}

// Arguments that are none.
// @varying :\d+:\d+\(\d+\)
// @args --summary-mode disabled
import { parseHTML } from 'k6/html';
import { page, tried } from './data/page.js';
export const options = { iterations: 1 };
export default function () {
  const doc = parseHTML(page), p = doc.find('p');
  for (const html of ['', 'no tags', '<p', '<p>a<div>b</p>', 5, '<table><p>x</table>', '<li>a<li>b']) tried(`parse ${html}`, () => parseHTML(html).find('body').html());
  for (const s of ['', 'p[', '>', ':nope', '#', '.', 'p:nth-child(', '*']) tried(`find ${s}`, () => doc.find(s).size());
  tried('is', () => p.is('['));
  tried('matches', () => p.get(0).matches('['));
  tried('eq', () => p.eq('x').size());
  for (const a of [5, null, {}]) { tried(`filter ${JSON.stringify(a)}`, () => p.filter(a).size()); tried(`not ${JSON.stringify(a)}`, () => p.not(a).size()); tried(`each ${JSON.stringify(a)}`, () => p.each(a)); tried(`map ${JSON.stringify(a)}`, () => p.map(a)); }
  tried('throws', () => p.each(() => { throw new Error('inner'); }));
}

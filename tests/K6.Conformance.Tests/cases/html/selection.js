// Ways over a page.
// @args --summary-mode disabled
import { parseHTML } from 'k6/html';
import { page, tried } from './data/page.js';
export const options = { iterations: 1 };
export default function () {
  const doc = parseHTML(page);
  const box = doc.find('.box'), mid = doc.find('.mid'), li = doc.find('li'), p = doc.find('p');
  tried('doc', () => [doc.size(), doc.get(0).nodeName(), doc.find('nothing').size(), doc.find('nothing').text(), doc.find('nothing').html(), doc.find('nothing').get(0)]);
  tried('find', () => [box, box.find('p'), doc.find('div > p.mid, li:nth-child(2)'), doc.find(mid), doc.find('p:contains("p2")'), doc.find('p:has(i)'), doc.find('li:not(.mid)'), doc.find('li:first-child')]);
  tried('children', () => [doc.find('#second').children(), doc.find('#second').children('p'), doc.find('#first').contents(), doc.find('ul').contents().size()]);
  tried('up', () => [mid.parent(), mid.parent('ul'), doc.find('i').parents().size(), doc.find('i').parents('div'), doc.find('i').parentsUntil('body'), doc.find('i').parentsUntil('body', 'p'), doc.find('i').closest('div'), doc.find('i').closest('table')]);
  tried('next', () => [mid.next(), mid.next('span'), mid.nextAll(), mid.nextAll('p'), mid.nextUntil('p'), mid.nextUntil(), doc.find('li').first().nextUntil('.mid'), doc.find('li').first().nextUntil('li:last-child', '.mid')]);
  tried('prev', () => [mid.prev(), mid.prev('p'), li.last().prevAll(), li.last().prevAll('.mid'), li.last().prevUntil('.mid'), li.last().prevUntil()]);
  tried('siblings', () => [mid.siblings(), mid.siblings('p')]);
  tried('pick', () => [li.first(), li.last(), li.eq(1), li.eq(-1), li.eq(9), li.slice(1), li.slice(1, 3), li.slice(-2), li.slice(0, -1), li.get(1), li.get(-1), li.get(9), li.get()]);
  tried('filter', () => [li.filter('.mid'), li.filter((i) => i % 2 === 0), li.filter((i, e) => e.text() > 'b'), li.filter(mid), li.not('.mid'), li.not((i) => i === 0), li.not(mid)]);
  tried('is', () => [mid.is('li'), mid.is('table'), mid.is(li), mid.is((i, e) => i === 1), li.has('.x').size(), doc.find('div').has('i'), doc.find('div').has(doc.find('i'))]);
  tried('each', () => { const seen = []; li.each((i, e) => { seen.push(i, e.nodeName(), e.textContent()); }); return seen; });
  tried('map', () => [li.map((i, e) => i + e.text()), li.map((i, e) => undefined), li.map((i) => i)]);
  tried('toArray', () => [li.toArray().length, li.toArray()[1].text(), li.size(), li.index && li.eq(2).index(), li.add ? li.add('p').size() : 0, box.find('p').end && box.find('p').end()]);
  tried('text', () => [doc.find('#first').text(), li.text(), doc.find('pre').text(), doc.find('script').text(), doc.find('title').text()]);
  tried('html', () => [doc.find('#first').html(), li.html(), doc.find('pre').html(), doc.find('script').html(), doc.find('body').html().length, doc.find('table').html()]);
  tried('attr', () => [box.attr('id'), box.attr('nothing'), box.attr('nothing', 'else'), doc.find('img').attr('alt'), doc.find('#first').attr('data-none')]);
  tried('data', () => [box.data('n'), box.data('on'), box.data('x'), box.data('json'), box.data('longName'), box.data('long-name'), box.data('none'), box.data('nothing'), box.data()]);
  tried('val', () => [li.val(), doc.find('nothing').val()]);
}

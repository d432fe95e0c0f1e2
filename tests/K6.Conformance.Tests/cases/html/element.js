// One element of a page.
// @args --summary-mode disabled
import { parseHTML } from 'k6/html';
import { page, tried } from './data/page.js';
export const options = { iterations: 1 };
export default function () {
  const doc = parseHTML(page), first = doc.find('#first').get(0), second = doc.find('#second').get(0), body = doc.find('body').get(0), text = first.childNodes()[0];
  tried('names', () => [first.id(), first.nodeName(), first.nodeType(), first.nodeValue(), first.className(), second.classList(), doc.find('ul').get(0).className(), doc.find('ul').get(0).id(), first.lang(), doc.find('html').get(0).lang(), first.namespaceURI(), first.isDefaultNamespace()]);
  tried('text node', () => [text.nodeName(), text.nodeType(), text.nodeValue(), text.textContent(), text.id(), text.className(), text.innerHTML(), text.childNodes().length, text.nextSibling().nodeName(), text.parentNode().nodeName(), text.toString()]);
  tried('comment', () => body.childNodes().filter((n) => n.nodeType() === 8).map((n) => [n.nodeName(), n.nodeValue(), n.textContent(), n.toString()]));
  tried('document', () => { const d = first.ownerDocument(); return [d.nodeName(), d.nodeType(), d.nodeValue(), d.childNodes().map((n) => `${n.nodeName()} ${n.nodeType()}`), d.children().length]; });
  tried('attributes', () => { const all = first.attributes(); return [Object.keys(all).sort(), all['data-n'].value, all['data-n'].name, all['data-n'].localName(), all['data-n'].namespaceURI(), all['data-n'].prefix()]; });
  tried('attribute', () => [first.getAttribute('data-x'), first.getAttribute('nothing'), first.getAttribute('data-none'), first.hasAttribute('id'), first.hasAttribute('nothing'), first.hasAttributes(), doc.find('ul').get(0).hasAttributes(), first.getAttributeNode('id').value, first.getAttributeNode('nothing')]);
  tried('children', () => [second.childElementCount(), second.children(), second.childNodes(), first.childNodes(), second.firstChild(), second.lastChild(), second.firstElementChild(), first.firstElementChild(), first.lastElementChild(), second.hasChildNodes()]);
  tried('around', () => [first.nextSibling(), first.nextElementSibling(), first.previousSibling(), first.previousElementSibling(), second.previousElementSibling(), first.parentNode(), first.parentElement(), body.parentElement(), doc.find('html').get(0).parentElement(), doc.find('li').last().get(0).nextElementSibling()]);
  tried('find', () => [body.querySelector('p.mid'), body.querySelector('nothing'), body.querySelectorAll('li'), body.getElementsByTagName('p'), body.getElementsByClassName('mid'), body.getElementsByClassName('nothing')]);
  tried('compare', () => [first.contains(doc.find('b').get(0)), first.contains(second), first.contains(first), first.matches('.box'), first.matches('li'), first.isSameNode(doc.find('#first').get(0)), first.isSameNode(second), first.isEqualNode(parseHTML(page).find('#first').get(0)), first.isEqualNode(second)]);
  tried('content', () => [first.innerHTML(), first.textContent(), first.toString(), String(first), doc.find('img').get(0).toString(), doc.find('pre').get(0).innerHTML()]);
  tried('table', () => { const t = doc.find('table').get(0); return [t.caption(), t.rows(), t.tBodies(), t.tHead(), t.tFoot(), t.rows()[1].cells(), t.rows()[1].rowIndex(), t.rows()[1].sectionRowIndex(), t.rows()[1].cells()[1].cellIndex(), t.rows()[1].cells()[1].colSpan(), t.tHead().rows()]; });
  tried('selection', () => [first.selection().find('b'), typeof first.url]);
}

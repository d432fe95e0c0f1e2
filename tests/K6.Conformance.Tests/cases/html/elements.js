// What elements of each kind tell of their attributes.
// @args --summary-mode disabled
import { parseHTML } from 'k6/html';
export const options = { iterations: 1 };
const inner = { area: '<map><area ATTR></map>', caption: '<table><caption ATTR></caption></table>', col: '<table><col ATTR></table>', td: '<table><tr><td></td><td ATTR></td></tr></table>', th: '<table><tr><th></th><th ATTR></th></tr></table>', tr: '<table><tr ATTR><td>x</td></tr></table>', param: '<object><param ATTR></object>' };
const tags = ['a', 'area', 'audio', 'base', 'button', 'canvas', 'col', 'data', 'datalist', 'del', 'embed', 'fieldset', 'form', 'iframe', 'img', 'input', 'keygen', 'label', 'legend', 'li', 'link', 'map', 'meta', 'meter', 'object', 'ol', 'optgroup', 'option', 'output', 'param', 'pre', 'progress', 'script', 'select', 'source', 'style', 'table', 'td', 'textarea', 'th', 'time', 'title', 'track', 'ul', 'video'];
const shown = (x) => x === undefined ? 'undefined' : x === null ? 'null' : Array.isArray(x) ? `[${x.map(shown).join()}]` : typeof x === 'object' ? (x.nodeName ? `<${x.nodeName()}>` : 'object') : JSON.stringify(x);
const read = (label, html, tag) => {
  const e = parseHTML(html).find(tag).last().get(0), base = parseHTML('<p>').find('p').get(0);
  const names = [];
  for (const name in e) if (!(name in base) && typeof e[name] === 'function') names.push(name);
  console.log(label, tag, names.sort().map((name) => { try { return `${name}=${shown(e[name]())}`; } catch (x) { return `${name}: ${x}`; } }).join(' '));
};
const sets = {
  bare: '',
  numbers: 'width="10" height="20" size="3" tabindex="4" maxlength="5" cols="6" rows="7" span="2" colspan="3" rowspan="4" value="8" min="1" max="9" low="2" high="7" optimum="5" start="6"',
  words: 'width="w" height="h" size="s" tabindex="t" maxlength="m" span="x" colspan="y" value="v" min="a" max="b" type="wrong" method="wrong" enctype="wrong" autocomplete="wrong" preload="wrong" kind="wrong" wrap="wrong" crossorigin="wrong" formmethod="wrong" formenctype="wrong" scope="wrong" http-equiv="wrong" keytype="wrong" dir="wrong" autocapitalize="wrong"',
  known: 'type="radio" method="post" enctype="multipart/form-data" autocomplete="off" preload="none" kind="captions" wrap="hard" crossorigin="use-credentials" formmethod="post" formenctype="text/plain" scope="row" http-equiv="refresh" autocapitalize="words"',
  flags: 'autofocus disabled checked multiple readonly required selected controls loop muted autoplay async defer nomodule reversed novalidate formnovalidate default ismap typemustmatch sortable sorted allowfullscreen',
  texts: 'name="n" id="i" href="http://u:p@h.test:8080/a/b?q=1#f" src="s.js" alt="t" title="t" rel="a b" target="_top" media="print" hreflang="de" label="l" accesskey="k" accept="x/y" accept-charset="utf-8" action="/act" formaction="/fa" formtarget="ft" pattern="p" placeholder="ph" step="2" list="l" srcset="ss" sizes="z" usemap="#m" cite="c" datetime="d" data="dd" for="i" headers="hh" abbr="ab" content="con" charset="cs" srclang="sl" challenge="ch" download="dl" referrerpolicy="origin" dirname="dn" mediagroup="mg" keysystem="ks"',
};
export default function () {
  for (const [label, attributes] of Object.entries(sets)) {
    for (const tag of tags) read(label, (inner[tag] || `<${tag} ATTR>text</${tag}>`).replace('ATTR', attributes), tag);
  }
}

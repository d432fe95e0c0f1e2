// Forms, their fields and values.
// @args --summary-mode disabled
import { parseHTML } from 'k6/html';
import { tried } from './data/page.js';
export const options = { iterations: 1 };
const html = `<form id="f" action="a.html"><label for="u" id="l1">L</label><input id="u" name="user" value="x y"><input name="empty"><input type="checkbox" name="c1" value="1" checked><input type="checkbox" name="c2" value="2"><input type="checkbox" name="c3" checked>
<input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked><input type="hidden" name="h" value="ü&amp;"><input type="submit" name="s" value="Go"><input type="button" name="bt" value="B"><input type="file" name="fi"><input type="reset" name="re"><input type="image" name="im">
<input name="off" value="1" disabled><input value="no name"><textarea name="t" id="t"> multi
line</textarea><select name="o" id="o"><option value="1">one</option><option selected>two</option></select><select name="n" id="n"><option>x</option><option value="y">Y</option></select><select name="m" id="m" multiple><option value="1" selected>1</option><option>2</option><option selected>3</option></select>
<fieldset id="fs"><input name="inner" value="i"></fieldset><button name="b" value="press">P</button><datalist id="d"><option value="q"></datalist><output name="out">o</output></form><input id="outside" form="f" name="outside" value="z"><label id="l2">In <input id="w" value="w"></label>`;
export default function () {
  const doc = parseHTML(html), form = doc.find('form'), get = (s) => doc.find(s).get(0);
  tried('serialize', () => [form.serialize(), doc.find('input').serialize(), doc.find('nothing').serialize()]);
  tried('serializeArray', () => form.serializeArray());
  tried('serializeObject', () => form.serializeObject());
  tried('val', () => [doc.find('#u').val(), doc.find('#t').val(), doc.find('#o').val(), doc.find('#n').val(), doc.find('#m').val(), doc.find('[name=c3]').val(), doc.find('[name=empty]').val(), doc.find('button').val(), doc.find('option').val(), doc.find('option').eq(1).val()]);
  tried('form', () => { const f = get('form'); return [f.elements(), f.length(), f.action(), f.method(), get('#u').form().id(), get('#fs').elements(), get('#fs').form(), get('#outside').form()]; });
  tried('labels', () => [get('#u').labels(), get('#w').labels(), get('#l1').control(), get('#l2').control(), get('#l1').form(), get('#l1').htmlFor()]);
  tried('select', () => ['#o', '#n', '#m'].map((s) => { const e = get(s); return [e.value(), e.selectedIndex(), e.selectedOptions(), e.options(), e.length(), e.size(), e.type(), e.multiple()]; }));
  tried('option', () => { const e = doc.find('#m option').get(2); return [e.index(), e.text(), e.value(), e.label(), e.selected(), e.form().id(), e.disabled()]; });
  tried('others', () => [get('#t').value(), get('#t').defaultValue(), get('#t').length(), get('#d').options(), get('output').value(), get('output').defaultValue(), get('button').value(), get('button').type(), get('[name=c1]').checked(), get('[name=c3]').value()]);
}

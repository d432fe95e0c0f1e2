// Pages of answers: html(), clickLink() and submitForm().
import http from 'k6/http';
const show = (r) => console.log(r.status, r.request.method, r.url.replace(__ENV.BASE, ''), r.request.body, JSON.stringify(r.request.headers['Content-Type']));
const tried = (name, f) => { try { show(f()); } catch (e) { console.log(name, String(e)); } };
export default function () {
  const links = http.get(`${__ENV.BASE}/page/links`), forms = http.get(`${__ENV.BASE}/page/forms`);
  console.log(links.html().find('a').size(), links.html('a').first().text(), links.html('nothing').size(), links.html().find('a').get(1).href(), links.html().find('a').get(1).pathname());
  show(links.clickLink());
  show(links.clickLink({ selector: '#second' }));
  show(links.clickLink({ selector: 'a', params: { tags: { my: 't' }, headers: { 'x-a': 'b' } } }));
  tried('no link', () => links.clickLink({ selector: '#nothing' }));
  tried('no href', () => links.clickLink({ selector: '#none' }));
  show(forms.submitForm());
  show(forms.submitForm({ formSelector: '#post' }));
  show(forms.submitForm({ formSelector: '#post', fields: { user: 'new', extra: 'x y' }, submitSelector: 'button' }));
  show(forms.submitForm({ formSelector: '#get', fields: { q: 'ü' }, submitSelector: '[name=s]' }));
  show(forms.submitForm({ formSelector: '#bare', params: { tags: { my: 't' }, redirects: 0 } }));
  tried('no form', () => forms.submitForm({ formSelector: '#nothing' }));
  tried('no submit', () => forms.submitForm({ formSelector: '#post', submitSelector: '#nothing' }));
  tried('no html', () => http.get(`${__ENV.BASE}/status/204`).clickLink());
}

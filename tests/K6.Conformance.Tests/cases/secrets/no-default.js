// Several sources, and none of them the default.
// @args --secret-source=mock=name=one,a=first1 --secret-source=mock=name=two,a=second2
import secrets from 'k6/secrets';
export default async function () {
  for (const name of ['a']) {
    try { const v = await secrets.get(name); console.log(name, v, typeof v, v.split('').join('.')); } catch (e) { console.log(name, '!', String(e), typeof e); }
  }
  console.log((await secrets.source('two').get('a')).length);
}

// Several sources: the default has to be named.
// @args --secret-source=mock=name=one,a=first1,default --secret-source=file=name=two,filename={data}/secrets.env
import secrets from 'k6/secrets';
export default async function () {
  for (const name of ['a', 'b ']) {
    try { const v = await secrets.get(name); console.log(name, v, typeof v, v.split('').join('.')); } catch (e) { console.log(name, '!', String(e), typeof e); }
  }
  for (const [source, key] of [['one', 'a'], ['two', 'a'], ['two', 'x'], ['three', 'a']]) {
    try { console.log(source, (await secrets.source(source).get(key)).split('').join('.')); } catch (e) { console.log(source, '!', String(e)); }
  }
}

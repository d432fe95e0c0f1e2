// Secrets that a server answers with.
// @args --secret-source=url=urlTemplate={BASE}/json/{key},responsePath=a.b.0.n --secret-source=url=name=other,default,urlTemplate={BASE}/json/{key},responsePath=text,method=POST,headers.X-Key=1,timeout=5s --secret-source=url=name=number,urlTemplate={BASE}/json/{key},responsePath=yes --secret-source=url=name=missing,urlTemplate={BASE}/json/{key},responsePath=no.such --secret-source=url=name=status,urlTemplate={BASE}/status/{key},maxRetries=0 --secret-source=url=name=whole,urlTemplate={BASE}/blob/{key}
// The server: __ENV.BASE
import secrets from 'k6/secrets';
export default async function () {
  for (const name of ['a', 'a', 'b/c d']) {
    try { const v = await secrets.get(name); console.log(name, v, typeof v, v.split('').join('.')); } catch (e) { console.log(name, '!', String(e), typeof e); }
  }
  for (const [source, key] of [['url', 'k'], ['number', 'k'], ['missing', 'k'], ['status', '404'], ['status', '500'], ['whole', '12']]) {
    try { console.log(source, (await secrets.source(source).get(key)).split('').join('.')); } catch (e) { console.log(source, '!', String(e)); }
  }
}

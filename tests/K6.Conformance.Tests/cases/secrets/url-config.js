// A server that is not there, by a file of settings and the command line above it.
// @args --secret-source=url=config={data}/url.json,timeout=3s
import secrets from 'k6/secrets';
export default async function () {
  for (const name of ['a']) {
    try { const v = await secrets.get(name); console.log(name, v, typeof v, v.split('').join('.')); } catch (e) { console.log(name, '!', String(e), typeof e); }
  }
}

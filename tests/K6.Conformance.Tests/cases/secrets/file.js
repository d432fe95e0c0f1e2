// Secrets of a file.
// @args --secret-source=file={data}/secrets.env
import secrets from 'k6/secrets';
export default async function () {
  for (const name of ['a', 'b', 'b ', 'c', 'd', '', 'e']) {
    try { const v = await secrets.get(name); console.log(name, v, typeof v, v.split('').join('.')); } catch (e) { console.log(name, '!', String(e), typeof e); }
  }
}

// Secrets of the command line, hidden in the log once they were read.
// @args --secret-source=mock=a=topdog7,b=dog7,c=
import secrets from 'k6/secrets';
export default async function () {
  console.log('topdog7 before');
  for (const name of ['a', 'b', 'c', 'none', '']) {
    try { const v = await secrets.get(name); console.log(name, v, typeof v, v.split('').join('.')); } catch (e) { console.log(name, '!', String(e), typeof e); }
  }
  console.log('topdog7', { topdog7: 1 }, JSON.stringify(['dog7']), 'adog7b', encodeURIComponent('top dog7'));
  console.error('topdog7');
  console.log(Object.keys(secrets).sort().join(), Object.keys(await secrets.source('default')));
  throw new Error('topdog7');
}

// Without a source every secret is missing.
import secrets from 'k6/secrets';
export default async function () {
  try { console.log(await secrets.get('x')); } catch (e) { console.log(typeof e, String(e)); }
  console.log(Object.keys(secrets).sort().join());
}

// subtle.digest for every hash and every kind of bytes.
export default async function () {
  const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join('');
  const data = new Uint8Array([97, 98, 99]);
  for (const h of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'sha-256', { name: 'SHA-256' }]) {
    console.log(JSON.stringify(h), hex(await crypto.subtle.digest(h, data)), hex(await crypto.subtle.digest(h, data.buffer)));
  }
  for (const call of [() => crypto.subtle.digest('MD5', data), () => crypto.subtle.digest('SHA-256', 'abc')]) {
    try { console.log(await call()); } catch (e) { console.log(e.name, e.message); }
  }
}

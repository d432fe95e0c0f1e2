// The global crypto: random values and identifiers.
export default function () {
  const a = new Uint8Array(4);
  console.log(crypto.getRandomValues(a) === a, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()));
  for (const call of [() => crypto.getRandomValues([1]), () => crypto.getRandomValues(new Float32Array(1)), () => crypto.getRandomValues(new Uint8Array(65537)), () => crypto.getRandomValues(new Uint32Array(2)).length]) {
    try { console.log(String(call())); } catch (e) { console.log(e.name, String(e)); }
  }
}

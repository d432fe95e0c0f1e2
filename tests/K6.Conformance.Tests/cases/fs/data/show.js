// What a call comes to: a value, or an error by its name and words.
export async function show(label, call) {
  try { console.log(label, JSON.stringify(await call())); } catch (e) { console.log(label, '!', e.name, e.message, String(e)); }
}

// open works only in init code.
export default function () {
  try { open('./data/lines.txt'); } catch (e) { console.log(String(e)); }
}

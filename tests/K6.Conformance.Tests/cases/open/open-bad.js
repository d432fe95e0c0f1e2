// What open says of odd arguments.
// @args --summary-mode disabled
for (const call of [() => open(), () => open(''), () => open('./data'), () => open(5), () => open('./data/lines.txt', 'x').length]) {
  try { console.log(String(call())); } catch (e) { console.log(String(e)); }
}
export default function () {}

// Timers can be taken back.
export default function () {
  const a = setTimeout(() => console.log('never'), 5);
  clearTimeout(a);
  let n = 0;
  const b = setInterval(() => { console.log('tick', ++n); if (n === 3) { clearInterval(b); } }, 2);
  clearTimeout(999); clearTimeout(); clearInterval(undefined);
  console.log(typeof a, a > 0, b > a);
}

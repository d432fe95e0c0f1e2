// import() is rejected, wherever it is called.
// @args --summary-mode disabled
import 'k6/http';
const show = (name, p) => p.then(() => console.log(name, 'fine'), (e) => console.log(name, typeof e, String(e)));
await show('own', import('k6'));
await show('loaded', import('k6/http'));
await show('file', import('./data/none.js'));
const f = () => import(`k6/${'timers'}`);
await show('template', f());
console.log(Object.keys(globalThis).includes('import'), typeof import.meta);
export default async function () { await show('late', import('k6')); }

// response.json with selectors.
import http from 'k6/http';
export default function () {
  const r = http.get(`${__ENV.BASE}/json`);
  for (const s of ['a.b.0.c', 'a.b.#', 'a.b.#.n', 'a.b.#(c==2).n', 'a.b.#(c>0)#.n', 'list.1', 'list', 'd\\.t', 'nul', 'yes', 'missing', 'a.b.5', 'text', 'l*', 'big', 'a.b.#.c|0', '']) {
    console.log(s, JSON.stringify(r.json(s)));
  }
}

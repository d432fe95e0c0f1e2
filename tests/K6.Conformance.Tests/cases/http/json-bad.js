// response.json of what is no JSON.
// @differs log samples: the words for a header line without a colon
import http from 'k6/http';
export default function () {
  for (const path of ['/blob/3', '/status/204', '/headers?X=%201']) {
    const r = http.get(__ENV.BASE + path);
    try { console.log(path, JSON.stringify(r.json())); } catch (e) { console.log(path, e.name, e.message); }
    try { console.log(path, JSON.stringify(r.json('a'))); } catch (e) { console.log(path, e.name, e.message); }
  }
}

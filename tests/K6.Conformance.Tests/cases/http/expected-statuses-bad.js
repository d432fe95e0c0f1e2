// Arguments of expectedStatuses that are none.
import http from 'k6/http';
export default function () {
  for (const args of [[], ['200'], [{ min: 1 }], [200.5], [null]]) {
    try { http.expectedStatuses(...args); console.log('fine'); } catch (e) { console.log(e.message); }
  }
  try { http.setResponseCallback(5); } catch (e) { console.log(e.message); }
}

// SIGINT ends the test in order: exit code 105, teardown runs.
// @process
// @timed
// @ignore metrics samples server
import http from 'k6/http';
import { sleep } from 'k6';
export const options = { vus: 1, duration: '20s' };
export default function () { http.get(`${__ENV.BASE}/signal/INT`); sleep(10); }
export function teardown() { console.log('teardown'); }

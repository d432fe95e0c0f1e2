import http from 'k6/http';

export const options = __ENV.SECONDS === '0'
  ? { vus: Number(__ENV.VUS), iterations: Number(__ENV.VUS) }
  : { vus: Number(__ENV.VUS), duration: `${__ENV.SECONDS}s` };

const url = `${__ENV.SERVER}/`;

export default function () {
  http.get(url);
}

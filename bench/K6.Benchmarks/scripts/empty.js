import http from 'k6/http';

export const options = { vus: Number(__ENV.VUS), iterations: Number(__ENV.VUS) };

export default function () {
  if (__ENV.NEVER) {
    http.get(__ENV.NEVER);
  }
}

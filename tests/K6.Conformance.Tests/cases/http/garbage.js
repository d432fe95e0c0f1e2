// Answers that are no HTTP.
import http from 'k6/http';
export default function () {
  for (const path of ['garbage', 'badstatus', 'badlength', 'badheader']) {
    const r = http.get(`${__ENV.BASE}/${path}`);
    console.log(path, r.status, r.error_code);
  }
}

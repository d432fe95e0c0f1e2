// Answers that are no HTTP.
// @differs log metrics samples: .NET names what is no HTTP in other words, and reads an answer whose Content-Length is no number as one without
import http from 'k6/http';
export default function () {
  for (const path of ['garbage', 'badstatus', 'badlength', 'badheader']) {
    const r = http.get(`${__ENV.BASE}/${path}`);
    console.log(path, r.status, r.error_code);
  }
}

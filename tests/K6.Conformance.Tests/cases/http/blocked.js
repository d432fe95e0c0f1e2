// blockHostnames and blacklistIPs.
import http from 'k6/http';
export const options = { blockHostnames: ['*.blocked.example'], blacklistIPs: ['10.0.0.0/8'] };
export default function () {
  for (const u of ['http://a.blocked.example/', 'http://10.1.2.3/']) {
    const r = http.get(u);
    console.log(r.status, r.error_code, r.error);
  }
}

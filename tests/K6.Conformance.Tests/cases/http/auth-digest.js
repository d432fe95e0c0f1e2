// Digest authentication: the challenge is answered, and both requests count.
import http from 'k6/http';
export const options = { thresholds: { 'http_reqs{status:401}': ['count>0'] } };
export default function () {
  const at = (user) => __ENV.BASE.replace('//', `//${user}@`);
  const good = at('us%20er:pa%3Ass');
  for (const path of ['/digest/md5?x=1&y=a%20b', '/digest/md5', '/status/200']) {
    const r = http.get(good + path, { auth: 'digest' });
    console.log(path, r.status, r.body, r.error_code, JSON.stringify(r.request.headers.Authorization), JSON.stringify(r.cookies), r.url.replace(/:\d+\//, '/'));
  }
  const post = http.post(`${good}/digest/md5`, 'a body', { auth: 'digest', responseCallback: http.expectedStatuses(200) });
  console.log(post.status, post.body, post.request.body);
  const bad = http.get(`${at('us%20er:wrong')}/digest/md5`, { auth: 'digest' });
  console.log(bad.status, bad.body, bad.error_code);
  const nobody = http.get(`${__ENV.BASE}/digest/md5`, { auth: 'digest' });
  console.log(nobody.status, nobody.body);
  const without = http.get(`${at('user:pass')}/digest/md5`);
  console.log(without.status, without.body);
}

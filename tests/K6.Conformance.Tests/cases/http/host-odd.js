// Names that no host can have are looked up like any other.
// @varying lookup \S+?(?: on \S+:53)?:(?= no such host)
import http from 'k6/http';

export default function () {
  for (const url of ['http://.example.invalid/', 'http://a..b.invalid/', 'http://a_b.invalid/', 'http://a%41b.invalid/']) {
    const response = http.get(url);
    console.log(url, response.status, response.error_code);
  }
}

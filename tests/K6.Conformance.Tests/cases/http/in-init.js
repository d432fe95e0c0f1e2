// Requests in init code are refused.
// @args --summary-mode disabled
import http from 'k6/http';
try { http.get('http://127.0.0.1:1/'); } catch (e) { console.log(e.message); }
try { http.batch(['http://127.0.0.1:1/']); } catch (e) { console.log(e.message); }
try { http.cookieJar(); } catch (e) { console.log(e.message); }
export default function () {}

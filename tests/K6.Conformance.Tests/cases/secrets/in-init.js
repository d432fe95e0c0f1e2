// Secrets in init code.
// @args --summary-mode disabled
import secrets from 'k6/secrets';
try { console.log(await secrets.get('x')); } catch (e) { console.log(String(e)); }
export default function () {}

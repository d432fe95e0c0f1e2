// The source comes from the environment; set-up, the data of the summary and the init code see secrets.
// @env K6_SECRET_SOURCE=mock=a=topsecret
// @args --summary-mode disabled
import secrets from 'k6/secrets';
const value = await secrets.get('a');
export function setup() { return { value }; }
export default async function (data) { console.log(value, data.value === value, __ENV.K6_SECRET_SOURCE); }

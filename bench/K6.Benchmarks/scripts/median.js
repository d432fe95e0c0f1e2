import http from 'k6/http';

export const options = { vus: 10, duration: '1s', summaryTrendStats: ['med'] };

export default function () {
  http.get(__ENV.URL);
}

export function handleSummary(data) {
  return { stdout: String(data.metrics.http_req_duration.values.med) };
}

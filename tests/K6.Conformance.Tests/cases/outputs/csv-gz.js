// The same, compressed, with times in microseconds.
// @args --out csv=out.csv.gz
// @env K6_CSV_TIME_FORMAT=unix_micro
// @ignore samples
export default function () {}

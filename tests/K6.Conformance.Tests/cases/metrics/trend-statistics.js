// All statistics of a trend, by k6's interpolation.
// @args --summary-trend-stats avg,min,med,max,p(0),p(10),p(33.3),p(90),p(95),p(99.99),p(100),count
import { Trend } from 'k6/metrics';
const t = new Trend('trend'), one = new Trend('one'), two = new Trend('two'), negative = new Trend('negative');
export default function () {
  for (let i = 1; i <= 101; i++) { t.add((i * 37) % 101); }
  one.add(7.25); two.add(1); two.add(2);
  negative.add(-5); negative.add(5.5); negative.add(0);
}

// Checks are the samples of the metric checks with a tag check, whoever records them.
import { check, group } from 'k6';
import { Rate } from 'k6/metrics';

const checks = new Rate('checks');

export default function () {
  checks.add(1, { check: 'plain' });
  checks.add(0, { check: 'plain' });
  checks.add(1);
  checks.add(2, { check: 'two' });
  checks.add(true, { check: 'a::b' });
  group('g', () => {
    checks.add(true, { check: 'in' });
    checks.add(false, { check: 'other', group: '::h' });
    check(1, { in: true });
  });
  checks.add(true, { check: 'deep', group: '::h::i' });
  checks.add(true, { check: 'odd group', group: 'x' });
}

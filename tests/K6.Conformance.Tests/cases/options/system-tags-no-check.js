// Without the tag nobody knows which check it was.
import { check } from 'k6';

export const options = { systemTags: ['name', 'group'] };

export default function () {
  check(1, { a: true });
}

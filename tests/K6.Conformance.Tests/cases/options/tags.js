// tags of options on all samples; a check's own beats them.
import { check } from 'k6';
export const options = { tags: { team: 'shop', nr: '1' } };
export default function () { check(1, { one: () => true }, { team: 'own' }); }

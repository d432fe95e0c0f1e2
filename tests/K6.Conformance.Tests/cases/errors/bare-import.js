// A package that is not bundled.
import x from 'lodash';
export default function () { x(); }

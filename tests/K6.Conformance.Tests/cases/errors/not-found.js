// A module that does not exist.
import { x } from './missing.js';
export default function () { x(); }

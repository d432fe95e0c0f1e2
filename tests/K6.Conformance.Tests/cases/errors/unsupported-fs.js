// A module that the engine does not have.
// @missing KSDK0701: k6/experimental/fs
import { open } from 'k6/experimental/fs';
export default function () { console.log(typeof open); }

// A module that the engine does not have.
// @missing KSDK0701: k6/browser
import { browser } from 'k6/browser';
export default function () { console.log(typeof browser); }

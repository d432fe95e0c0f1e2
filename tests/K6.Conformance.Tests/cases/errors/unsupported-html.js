// A module that the engine does not have.
// @missing KSDK0701: k6/html
import { parseHTML } from 'k6/html';
export default function () { console.log(parseHTML('<p>a</p>').find('p').text()); }

// A module that the engine does not have.
// @missing KSDK0701: k6/websockets
import { WebSocket } from 'k6/websockets';
export default function () { console.log(typeof WebSocket); }

// A module that the engine does not have.
// @missing KSDK0701: k6/net/grpc
import grpc from 'k6/net/grpc';
export default function () { console.log(typeof grpc.Client); }

// -e and --env.
// @args -e A=1 --env B=two=2 -e C=
export default function () { console.log(__ENV.A, __ENV.B, JSON.stringify(__ENV.C), __ENV.D); }

// And raw.
// @args --log-format=raw
export default function () { console.log('plain'); console.error('bad'); }

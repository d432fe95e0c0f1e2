// A delay that is none.
export const options = { thresholds: { iterations: [{ threshold: 'count>0', abortOnFail: true, delayAbortEval: 'soon' }] } };
export default function () {}

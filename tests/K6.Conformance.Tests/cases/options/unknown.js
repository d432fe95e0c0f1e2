// An option that k6 does not know.
export const options = { iteration: 5, vus: 1 };
export default function () {}

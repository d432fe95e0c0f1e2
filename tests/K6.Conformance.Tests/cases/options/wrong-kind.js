// vus that is no number.
export const options = { vus: 'many' };
export default function () {}

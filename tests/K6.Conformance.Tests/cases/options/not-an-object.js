// options that is a text.
export const options = 'vus';
export default function () {}

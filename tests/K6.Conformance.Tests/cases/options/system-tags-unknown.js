// One that is unknown.
export const options = { systemTags: ['nothing'] };
export default function () {}

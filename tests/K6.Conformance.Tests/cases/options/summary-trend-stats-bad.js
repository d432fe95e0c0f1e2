// One that is none.
export const options = { summaryTrendStats: ['mode'] };
export default function () {}

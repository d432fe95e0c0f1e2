// Dates.
// @differs log: the 30th of February is no date here, and the 1st of March there
export default function () { const d = new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 500)); console.log(d.toISOString(), d.getTime(), JSON.stringify(d), new Date('2024-02-30T00:00:00Z').getTime(), Date.parse('2024-02-29'), new Date(NaN).getTime()); }

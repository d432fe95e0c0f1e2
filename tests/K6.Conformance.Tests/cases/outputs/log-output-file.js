// --log-output=file.
// @varying "time":"[^"]*"
// @args --log-output=file=own.log
export default function () { console.log('to the file'); }

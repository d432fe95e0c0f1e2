// --console-output.
// @varying "time":"[^"]*"
// @args --console-output=console.txt
export default function () { console.log('to the file'); console.warn('too'); }

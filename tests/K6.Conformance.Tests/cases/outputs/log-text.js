// Records of the log as text.
// @args --log-format=text --no-color
export default function () { console.log('plain'); console.warn('with "quotes"\nand lines'); throw new Error('x'); }

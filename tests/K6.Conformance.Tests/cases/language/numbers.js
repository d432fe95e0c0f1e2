// Numbers as texts.
export default function () { console.log(0.1 + 0.2, 1 / 3, 1e-7, 123456789012345680000, 5e-324, (25).toString(36), (1.005).toFixed(2), (1234.5678).toPrecision(6), 255..toString(2), parseInt('0x1f'), Number('1e3'), Number(''), +' 5 '); }

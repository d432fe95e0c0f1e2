// console's functions and what they print.
export default function () {
  console.log('a', 1, true, null, undefined, { a: [1, { b: 2 }] }, [1, 'x'], () => 1, Symbol('s'), NaN, -0, 1e21, new Date(0), new Error('e'), new Map([[1, 2]]), 10n);
  console.info('info'); console.warn('warn'); console.error('error'); console.debug('debug'); console.log(); console.log('%s %d', 'x', 5);
}

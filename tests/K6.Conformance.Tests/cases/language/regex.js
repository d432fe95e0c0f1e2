// Regular expressions.
// @differs log: letters beyond ASCII are letters in \p{L} here
export default function () {
  console.log('a1b22'.replace(/\d+/g, (m) => `<${m}>`), 'x-y_z'.split(/[-_]/).join(), /^\p{L}+$/u.test('grüße'), 'aBc'.match(/b/i).index, [...'a1b2'.matchAll(/[a-z](\d)/g)].map((m) => m[1]).join(), /(?<=\$)\d+/.exec('$42')[0], 'abcabc'.lastIndexOf('b'), /a{2,3}/y.test('aaa'));
}

// A function that replaces matches sees undefined for groups that took no part.
export default function () {
  const seen = [];
  const out = 'ab-b'.replace(/(a)?b/g, (m, g, at, all) => { seen.push(String(g), typeof g, at, all); return `<${m}>`; });
  console.log(out, seen.join());
  console.log('2024-05'.replace(/(?<y>\d+)-(?<m>\d+)/, (...a) => JSON.stringify(a[a.length - 1])), 'x'.replace(/(?:)/g, () => '-'), 'aXbX'.replace(/x/i, () => 'y'), 'abc'.replaceAll(/b|(z)/g, (m, z) => z === undefined));
  const sticky = /a/y; sticky.lastIndex = 1;
  console.log('aab'.replace(sticky, () => 'z'), sticky.lastIndex, 'aaa'.replace(/a/g, (m, at) => at), '\u{1F600}a'.replace(/(?:)/gu, () => '|').length, 'a$b'.replace('$', () => '$&'), 'abc'.match(/(x)?b/)[1] === undefined);
}

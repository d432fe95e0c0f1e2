// Syntax up to what k6 takes.
class A { #x = 1; static s = 2; static { A.t = 3; } get x() { return this.#x; } static #p() { return 4; } static p() { return A.#p(); } }
export default async function () {
  const { a, ...rest } = { a: 1, b: 2, c: 3 };
  console.log(new A().x, A.s, A.t, A.p(), rest.b, null ?? 5, undefined?.x, 2 ** 10, 1_000, [...'ab'].join('-'), `${a}`);
  let n = null; n ??= 7; n &&= 8; console.log(n, typeof 5n, /(?<y>\d+)/.exec('a12').groups.y, /a.b/s.test('a\nb'));
  label: for (const i of [1, 2]) { for (;;) { continue label; } }
  function* g() { yield 1; yield* [2, 3]; }
  console.log([...g()].join(), await Promise.resolve(9), (() => { try { throw 1; } catch { return 'c'; } })());
}

// A shared array reads like an array and cannot be changed.
import { SharedArray } from 'k6/data';
const users = new SharedArray('users', () => [{ name: 'a', nested: { x: [1, 2] } }, { name: 'b' }, 'text', 5, null]);
export const options = { vus: 1, iterations: 1 };
export default function () {
  if (__VU !== 1) { return; }
  console.log(users.length, users[0].name, users[0].nested.x[1], users[2], users[3], users[4], users[99], users[-1]);
  console.log([...users].length, users.map((u) => typeof u).join(), users.indexOf(5), Array.isArray(users), JSON.stringify(users));
  let n = 0;
  for (const u of users) { n++; }
  users.forEach(() => n++);
  console.log(n, users.filter((u) => u && u.name).length, Object.keys(users).join(), 'name' in users[0]);
}

// Every way to change a shared array.
// @differs log: the words of the exceptions; sort() of one item changes nothing and is let through
import { SharedArray } from 'k6/data';
const users = new SharedArray('users', () => [{ name: 'a', list: [1] }]);
export default function () {
  const u = users[0];
  const tries = { name() { u.name = 'x'; return u.name; }, list() { u.list.push(2); return u.list.length; }, item() { users[0] = 1; return users[0].name; }, push() { return users.push(1); }, length() { users.length = 0; return users.length; }, remove() { return delete u.name; }, sort() { return users.sort(); } };
  for (const [name, go] of Object.entries(tries)) {
    try { console.log(name, String(go())); } catch (e) { console.log(name, String(e)); }
  }
  console.log(users[0].name, users.length);
}

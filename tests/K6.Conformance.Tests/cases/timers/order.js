// Timers run in order of their times, promises before them.
export default function () {
  setTimeout(() => console.log('20'), 20);
  setTimeout(() => console.log('5'), 5);
  setTimeout(() => console.log('0'), 0);
  Promise.resolve().then(() => console.log('promise'));
  console.log('first');
}

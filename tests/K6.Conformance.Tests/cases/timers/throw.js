// An exception in a timer ends the iteration with an error; timers after it do not run.
export const options = { iterations: 2 };
export default function () {
  setTimeout(() => { throw new Error('in timer'); }, 1);
  setTimeout(() => console.log('after'), 10);
}

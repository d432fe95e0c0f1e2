// What a script reads of an exception of the language itself; the log has k6's words.
// @differs log: the message of reading a property of undefined, where a script looks at it
export default function () {
  try {
    undefined.length;
  } catch (e) {
    console.log(e.name, e.message);
  }
  undefined.length;
}

// Bytes that are not UTF-8, and a byte order mark.
const mark = open('./data/mark.txt'), latin = open('./data/latin1.txt');
export default function () {
  console.log(mark.length, mark.charCodeAt(0), latin.length, [...latin].map((c) => c.charCodeAt(0)).join());
}

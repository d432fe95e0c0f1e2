// Reading on, and going to another place.
import { open, SeekMode } from 'k6/experimental/fs';
import { show } from './data/show.js';
const file = await open('./data/text.txt');
const other = await open('./data/text.txt');
export default async function () {
  const five = new Uint8Array(5);
  const read = (f, b) => show('read', () => f.read(b));
  await read(file, five); console.log(five.join());
  await read(file, new Uint8Array(100));
  await read(file, five);
  await read(other, five); console.log(five.join());
  for (const [offset, whence] of [[0, SeekMode.Start], [6, SeekMode.Start], [2, SeekMode.Current], [-3, SeekMode.Current], [-4, SeekMode.End], [0, SeekMode.End], [25, SeekMode.Start], [26, SeekMode.Start], [27, SeekMode.Start], [4, SeekMode.End], [-1, SeekMode.Start], [1000, SeekMode.Start], [-1000, SeekMode.Current], [-1000, SeekMode.End], [0], [0, 7], [0, 'x'], ['x', 0], [null, 0], [1.5, 0]]) {
    await show(`seek ${offset} ${whence}`, () => file.seek(offset, whence));
  }
  await file.seek(6, SeekMode.Start);
  await read(file, five); console.log(five.join());
  for (const into of [undefined, null, 'x', [1], new Uint16Array(2), new ArrayBuffer(3), new Uint8Array(0)]) await read(file, into);
  // The whole buffer is filled, not the part that the view shows.
  await file.seek(0, SeekMode.Start);
  const ten = new Uint8Array(10);
  await read(file, ten.subarray(3, 6)); console.log(ten.join());
}

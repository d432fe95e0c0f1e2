// Opening files, in init code alone.
// @args --summary-mode disabled
import { open, SeekMode } from 'k6/experimental/fs';
import { show } from './data/show.js';
console.log(SeekMode.Start, SeekMode.Current, SeekMode.End);
for (const name of ['./data/none.txt', '', null, undefined, 5, './data/..']) await show(String(name), () => open(name));
const file = await open('./data/text.txt');
console.log(Object.keys(file), file.path.replace(/.*data./, ''), (await open('data/text.txt')) === file);
export default async function () {
  await show('late', () => open('./data/text.txt'));
  await show('stat', () => file.stat());
}

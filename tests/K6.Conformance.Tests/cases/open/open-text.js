// open reads a file beside the script, as text and as bytes.
const text = open('./data/lines.txt'), bytes = open('./data/lines.txt', 'b'), json = JSON.parse(open('data/users.json'));
export default function () {
  console.log(JSON.stringify(text), bytes instanceof ArrayBuffer, bytes.byteLength, new Uint8Array(bytes)[0], json[1].name);
}

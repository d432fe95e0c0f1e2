// A file that is not there ends init code.
const text = open('./data/none.txt');
export default function () {}

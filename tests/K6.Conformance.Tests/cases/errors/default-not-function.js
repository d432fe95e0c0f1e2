// A default export that is a number.
export default 5;

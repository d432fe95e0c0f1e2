// require and module.exports.
const k6 = require('k6');
const http = require('k6/http');
module.exports.options = { iterations: 1 };
module.exports.default = function () { console.log(typeof k6.check, typeof http.get, typeof http.default); };

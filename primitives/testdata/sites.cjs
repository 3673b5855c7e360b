"use strict"
const { Mutex } = require("@lockscope/sync")

const mu = new Mutex({ name: "of CommonJS" })
exports.fromCommonJs = async () => {
  await mu.lock()
  const locked = mu.locked;
  (mu).unlock()
  return locked
}
if (require.main === module) exports.fromCommonJs().then((locked) => console.log(locked))

"use strict";
const { Mutex } = require("async-mutex");

const log = new Mutex();
const lines = [];
exports.audit = (line) => log.runExclusive(() => lines.push(line));

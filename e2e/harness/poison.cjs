/**
 * Loaded into a worker before its own code (NODE_OPTIONS=--require): the process dies at once, as by
 * the kernel's out-of-memory killer, when it is about to give the database anything with the mark in
 * it. Our own code knows nothing of it.
 */
const { Socket } = require('node:net');

const mark = Buffer.from('POISON-8f2c');
const write = Socket.prototype.write;

Socket.prototype.write = function (chunk, ...rest) {
  if (Buffer.isBuffer(chunk) && chunk.includes(mark)) process.kill(process.pid, 'SIGKILL');
  return Reflect.apply(write, this, [chunk, ...rest]);
};

'use strict';

/**
 * Ends with 0 when the service of this container is ready. Docker shows what is printed otherwise (`docker inspect`): the
 * dependency that is missing, in words. An image without curl asks with what it has.
 */
const http = require('node:http');

const url = `http://127.0.0.1:${process.env.PORT}/health/ready`;
const request = http.get(url, { timeout: 4000, agent: false }, (response) => {
  const chunks = [];
  response.on('data', (chunk) => chunks.push(chunk));
  response.on('end', () => end(response.statusCode === 200, Buffer.concat(chunks).toString()));
});
request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
request.on('error', (error) => end(false, error.message));

function end(isReady, words) {
  if (!isReady) process.stdout.write(`${words}\n`);
  process.exit(isReady ? 0 : 1);
}

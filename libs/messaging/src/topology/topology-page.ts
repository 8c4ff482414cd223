import { exchanges, queues } from './names.js';
import type { Topology } from './topology.js';

/** The topology as a page: a table of queues and the drawing of who feeds what. */
export function topologyPage(topology: Topology): string {
  return [
    '# Topology',
    '',
    'What the services declare on the broker, generated from their handlers by `npm run generate`. Do not edit.',
    'Each gateway replica adds exclusive queues of its own: `gateway.stream.<instance>` and `gateway.workers.<instance>`.',
    '',
    '```mermaid',
    'flowchart LR',
    ...topology.bindings.map(
      ({ exchange, queue, routingKey }) =>
        `  ${node(exchange)} -- ${edge(routingKey || label(topology, queue))} --> ${node(queue)}`,
    ),
    `  ${node(exchanges.commands)} -. no queue wants it .-> ${node(exchanges.unrouted)}`,
    `  ${node(exchanges.events)} -. no queue wants it .-> ${node(exchanges.unrouted)}`,
    '```',
    '',
    '| queue | arguments |',
    '| --- | --- |',
    ...topology.queues.map(
      ({ name, arguments: args }) =>
        `| \`${name}\` | ${Object.entries(args)
          .map(([key, value]) => `\`${key}: ${JSON.stringify(value)}\``)
          .join('<br>')} |`,
    ),
    '',
  ].join('\n');
}

function node(name: string): string {
  return `${name.replaceAll(/[^a-z0-9]/gi, '_')}["${name}"]`;
}

function edge(text: string): string {
  return `"${text === '#' ? 'everything' : text}"`;
}

function label({ queues: declared }: Topology, queue: string): string {
  if (queue === queues.unrouted) return 'everything';
  const ttl = declared.find(({ name }) => name === queue)?.arguments['x-message-ttl'];
  return ttl === undefined ? ' ' : `waits ${Number(ttl) / 1000} s`;
}

import { z } from 'zod';
import type { Contract } from '../message.js';

/** The queues whose handlers take a message type. */
export type HandledBy = (type: string) => readonly string[];

/** The catalogue as a page: who owns each message, who handles it, its schema and an example. */
export function messageCatalogPage(
  contracts: readonly Contract[],
  handledBy: HandledBy,
  example: (type: string) => unknown,
): string {
  return [
    '# Message catalogue',
    '',
    'Generated from `libs/contracts/src/catalog.ts` by `npm run generate`. Do not edit.',
    '',
    '| message | kind | owner | handled from |',
    '| --- | --- | --- | --- |',
    ...contracts.map(
      ({ kind, owner, type }) =>
        `| [\`${type}\`](#${anchor(type)}) | ${kind} | ${owner} | ${queues(handledBy(type))} |`,
    ),
    '',
    ...contracts.flatMap((contract) => section(contract, example)),
  ].join('\n');
}

function section({ type, schema }: Contract, example: (type: string) => unknown): string[] {
  return [
    `## ${type}`,
    '',
    '```json',
    JSON.stringify(example(type), null, 2),
    '```',
    '',
    '<details><summary>JSON Schema</summary>',
    '',
    '```json',
    JSON.stringify(z.toJSONSchema(schema, { io: 'output' }), null, 2),
    '```',
    '',
    '</details>',
    '',
  ];
}

function queues(names: readonly string[]): string {
  return names.length === 0 ? '–' : names.map((name) => `\`${name}\``).join(', ');
}

/** GitHub's rule for the anchor of a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll('.', '');
}

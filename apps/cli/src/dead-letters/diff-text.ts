import type { Style } from '../terminal/style.js';

type Change = Record<string, unknown>;

/** A JSON Patch (RFC 6902) as people read a diff: what was, what will be, at which place. */
export function diffText(changes: readonly Change[], original: unknown, style: Style): string {
  return changes
    .map((change) => {
      const path = String(change['path']);
      const was = style.bad(`- ${JSON.stringify(valueAt(original, path))}`);
      const will = style.good(`+ ${JSON.stringify(change['value'])}`);
      const heading = style.strong(path === '' ? '(the whole body)' : path);
      if (change['op'] === 'add') return `${heading}\n  ${will}`;
      if (change['op'] === 'remove') return `${heading}\n  ${was}`;
      if (change['op'] === 'replace') return `${heading}\n  ${was}\n  ${will}`;
      return `${heading}\n  ${String(change['op'])} from ${String(change['from'])}`;
    })
    .join('\n');
}

/** RFC 6901, 4: "first transforming any occurrence of the sequence '~1' to '/', and then … '~0' to '~'". */
function valueAt(value: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>((inner, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return inner === null || inner === undefined
      ? undefined
      : (inner as Record<string, unknown>)[name];
  }, value);
}

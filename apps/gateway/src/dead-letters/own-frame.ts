/** Longer lines of a stack are nobody's code. In characters. */
const longestLine = 2000;

/**
 * The first line of a stack that is our own code, as `Parser.readRow (apps/ingest/src/parser)`;
 * undefined when there is none.
 *
 * Without line and column, and without the folder and the extension: an edit elsewhere in the file, another
 * machine, or the build in place of the source is the same place. `message` is what the stack repeats
 * before its frames; it may contain anything, also lines that look like frames, and is skipped.
 */
export function ownFrame(stack: string, message: string): string | undefined {
  for (const line of framesOf(stack, message)) {
    const frame = parseFrame(line);
    if (frame && isOwn(frame.file)) return describe(frame);
  }
  return undefined;
}

interface Frame {
  /** Undefined for code outside every function. */
  name: string | undefined;
  file: string;
}

function framesOf(stack: string, message: string): string[] {
  const at = message === '' ? -1 : stack.indexOf(message);
  return stack.slice(at < 0 ? 0 : at + message.length).split('\n');
}

/** V8 writes `at [async ][new ]name [as alias] (file:line:column)`, or `at file:line:column`. */
function parseFrame(line: string): Frame | undefined {
  const text = line.trim();
  if (!text.startsWith('at ') || text.length > longestLine) return undefined;
  const place = text.slice(3).replace(/^async /, '');
  const open = place.endsWith(')') ? place.indexOf(' (') : -1;
  const file = open < 0 ? place : place.slice(open + 2, -1);
  const position = /:\d+(?::\d+)?$/.exec(file);
  if (!position) return undefined;
  const name = open < 0 ? '' : place.slice(0, open).replace(/ \[as [^\]]*\]$/, '');
  return {
    name: /^(?:Object\.)?<anonymous>$|^$/.test(name) ? undefined : name,
    file: file.slice(0, position.index),
  };
}

function isOwn(file: string): boolean {
  return /[/\\]/.test(file) && !/[/\\]node_modules[/\\]|^node:|^eval at |^native$/.test(file);
}

function describe({ name, file }: Frame): string {
  const path = relative(file.replaceAll('\\', '/')).replace(/\.[cm]?[jt]sx?$/, '');
  return name === undefined ? path : `${name} (${path})`;
}

/** From the workspace on; of a file that is not in it, the last two parts. */
function relative(path: string): string {
  const workspace = /(?:^|.*\/)((?:apps|libs)\/[^/]+\/src\/.+)$/.exec(path)?.[1];
  return workspace ?? path.split('/').slice(-2).join('/');
}

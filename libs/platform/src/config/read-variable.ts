import { readFileSync } from 'node:fs';

/** What a variable says, or a sentence about why that cannot be told; neither when it is not set. */
export interface ReadVariable {
  value?: string;
  problem?: string;
}

/**
 * Reads one variable, from `<NAME>` or from the file that `<NAME>_FILE` names, as secrets are mounted
 * by Docker and Kubernetes.
 *
 * An empty variable is one that is not set. White space around what a file holds is dropped: editors end
 * a file with a new line. Both at once is a problem, since nobody could tell which of them is meant.
 */
export function readVariable(
  name: string,
  environment: Record<string, string | undefined>,
): ReadVariable {
  const value = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (path === undefined) return value === undefined ? {} : { value };
  if (value !== undefined) {
    return { problem: `${name} and ${name}_FILE are both set. Leave one of them out.` };
  }
  return readFrom(path, `${name}_FILE`);
}

function readFrom(path: string, variable: string): ReadVariable {
  try {
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? { problem: `${variable}: the file ${path} is empty.` } : { value };
  } catch (error) {
    return { problem: `${variable}: the file ${path} cannot be read: ${reasonOf(error)}.` };
  }
}

/** The system's own words carry the path a second time. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === undefined ? undefined : REASONS[code]) ?? message;
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

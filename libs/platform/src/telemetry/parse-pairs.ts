/**
 * Reads `key=value,key2=value2` with percent-encoded values, as OpenTelemetry writes lists in the environment.
 * Undefined where it is written otherwise.
 */
export function parsePairs(text: string): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const pair of text.split(',').filter((each) => each.trim() !== '')) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    if (at < 1 || key === '') return undefined;
    try {
      found[key] = decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return found;
}

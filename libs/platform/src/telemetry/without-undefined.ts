/** Without the properties that are undefined, for callers that tell those from missing ones. */
export function withoutUndefined<T extends object>(source: T): T {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as T;
}

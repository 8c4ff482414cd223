/** A validator that a package has compiled from a schema: it reads every field that the schema knows. */
export type Validate = ((value: unknown) => boolean) & { errors?: ValidationError[] | null };

export interface ValidationError {
  instancePath: string;
  message?: string;
  keyword: string;
  params: Record<string, unknown>;
}

/**
 * The paths of fields that a schema does not know, found by watching which fields its validator reads.
 *
 * The validators of kubernetes-models let unknown fields pass, as a cluster would drop them: without a
 * word. Where a schema names fields, its validator reads each of them, present or not; so what is
 * present and was never read has no place in the schema. An object of which nothing was read is
 * free-form, and one whose keys were listed is a map of any keys.
 */
export function unknownFields(validate: Validate, value: unknown): string[] {
  const watched: Watched[] = [];
  validate(watch(value, '', watched));
  return watched.flatMap(({ path, target, read, isMap }) => {
    if (isMap || read.size === 0) return [];
    return Object.keys(target)
      .filter((key) => !read.has(key))
      .map((key) => `${path}.${key}`.slice(1));
  });
}

interface Watched {
  path: string;
  target: object;
  read: Set<string>;
  isMap: boolean;
}

function watch(value: unknown, path: string, watched: Watched[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((each, place) => watch(each, `${path}[${place}]`, watched));
  const entry: Watched = { path, target: value, read: new Set(), isMap: false };
  watched.push(entry);
  const children = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, watch(each, `${path}.${key}`, watched)]),
  );
  return new Proxy(children, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string') entry.read.add(key);
      return Reflect.get(target, key, receiver);
    },
    ownKeys(target) {
      entry.isMap = true;
      return Reflect.ownKeys(target);
    },
  });
}

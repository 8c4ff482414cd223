import type { ColumnMapping } from '@offload/contracts';

export type Transform = NonNullable<ColumnMapping['transforms']>[number];

/** Makes one function of transforms, in their order; undefined when there is none. */
export function transformer(
  transforms: readonly Transform[],
): ((text: string) => string) | undefined {
  const [first, ...others] = transforms.map((name) => TRANSFORMS[name]);
  if (!first || others.length === 0) return first;
  return (text) => others.reduce((changed, transform) => transform(changed), first(text));
}

const TRANSFORMS: Record<Transform, (text: string) => string> = {
  trim: (text) => text.trim(),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  squeeze: (text) => text.replace(/\s+/g, ' '),
};

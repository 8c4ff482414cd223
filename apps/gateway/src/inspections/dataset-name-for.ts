/** A name for a dataset after that of a file: `Verkäufe 2026 (final).csv.gz` → `verkaufe_2026_final`. */
export function datasetNameFor(fileName: string): string {
  const words = fileName
    .replace(/\.(?:gz|gzip|zip)$/i, '')
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const name = /^[a-z]/.test(words) ? words : `data_${words}`;
  return name.slice(0, MAX_LENGTH).replace(/_+$/, '');
}

const MAX_LENGTH = 63;

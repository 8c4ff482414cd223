/** How much a file may unfold to. All is counted while it unfolds, never believed from what the file says. */
export interface SourceLimits {
  /** Unpacked bytes of one file, all parts of a workbook together. (Default: 64 GiB.) */
  maxInflatedBytes: number;
  /** Unpacked bytes for each packed one, judged only once 16 MiB have been unpacked. (Default: 200.) */
  maxRatio: number;
  /** Files in an archive. (Default: 10 000.) */
  maxEntries: number;
  /** The table of shared texts of a workbook, which is kept in memory. (Default: 64 MiB.) */
  maxSharedStringsBytes: number;
  /** The longest record, in bytes. (Default: 8 MiB.) */
  recordLimit: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_SOURCE_LIMITS: SourceLimits = {
  maxInflatedBytes: 64 * 1024 * MiB,
  maxRatio: 200,
  maxEntries: 10_000,
  maxSharedStringsBytes: 64 * MiB,
  recordLimit: 8 * MiB,
};

import { z } from 'zod';
import { readStorageUrl } from './read-storage-url.js';

/**
 * The variables that say where files are kept: spread them into the configuration of a service, and
 * check the whole with `storageIsChosen`, since exactly one of the two has to be set.
 */
export const storageConfig = {
  STORAGE_FOLDER: z
    .string()
    .startsWith('/', 'Give an absolute path.')
    .optional()
    .describe(
      'Folder for uploaded files, as an absolute path; the same one for all gateway and ingest processes. Either this or STORAGE_URL.',
    ),
  STORAGE_URL: z
    .string()
    .superRefine((url, context) => {
      const problem = problemOf(url);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .optional()
    .describe(
      'Where uploaded files are kept, instead of STORAGE_FOLDER: s3://bucket?region=…, for other servers than Amazon’s with &endpoint=https://…&path_style=true, or file:///absolute/folder. Credentials are found as the AWS SDK does: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the role of the machine.',
    ),
};

export interface StorageConfig {
  STORAGE_FOLDER?: string | undefined;
  STORAGE_URL?: string | undefined;
}

/** Looks even where other variables are wrong, so that all problems are told at once. */
export const storageIsChosen = z.refine<StorageConfig>(
  ({ STORAGE_FOLDER, STORAGE_URL }) =>
    (STORAGE_FOLDER === undefined) !== (STORAGE_URL === undefined),
  {
    path: ['STORAGE_FOLDER'],
    error: 'Set either STORAGE_FOLDER or STORAGE_URL, not both.',
    when: () => true,
  },
);

function problemOf(url: string): string | undefined {
  try {
    readStorageUrl(url);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

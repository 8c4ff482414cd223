import { z } from 'zod';

/** What an answer about work that goes on says beside its body. */
export const acceptedHeaders = {
  Location: 'The path of the import.',
  'Retry-After': 'Seconds after which asking for its state makes sense.',
  Link: 'With `rel="monitor"`: the event stream that follows it.',
};

/** RFC 7240, 4.3. */
export const preferWait = {
  Prefer: z
    .string()
    .optional()
    .describe(
      '`wait=5`: answer when it rests, that is, when it has ended or waits for review, or after so many ' +
        'seconds, up to 5. The answer says `Preference-Applied`.',
    ),
};

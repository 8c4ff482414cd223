import type { BrakeReport } from '@offload/contracts';

/**
 * What is wrong, for a person whose work waits for it.
 *
 * From a fixed list, because the message of a failure names hosts, users and files, which are not for
 * everybody; the code behind it is for who asks an operator. Safe for a code of any origin.
 */
export function wordsForCause({ code, message }: Pick<BrakeReport, 'code' | 'message'>): string {
  const found = causes.find(({ fits }) => fits(code, message));
  const words = found?.words ?? 'a part of the system that it needs fails every time';
  return isPresentable(code) ? `${words} (${code})` : words;
}

const network =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|ESOCKET)$/;
const sqlState = /^[0-9A-Z]{5}$/;

/** The first that fits counts. Classes of SQLSTATE: PostgreSQL, appendix A. */
const causes: { fits: (code: string, message: string) => boolean; words: string }[] = [
  {
    fits: (code) => code.startsWith('notifier.relay-'),
    words: 'the mail relay does not take e-mails at the moment',
  },
  {
    fits: (code) => code === 'gateway.scanner-unavailable',
    words: 'the virus scanner does not answer',
  },
  { fits: (code) => code === 'ENOSPC' || code === 'EDQUOT', words: 'the file storage is full' },
  {
    fits: (code) =>
      code.startsWith('storage.') || /^(ENOENT|EACCES|EPERM|EIO|EROFS|EMFILE|ESTALE)$/.test(code),
    words: 'the file storage does not work as it should',
  },
  { fits: (code) => code === '53100', words: 'the disk of the database is full' },
  { fits: (code) => code === '53300', words: 'the database has no connection left' },
  {
    fits: (code) => /^(57P0[1-5]|08[0-9A-Z]{3})$/.test(code),
    words: 'the database does not answer',
  },
  {
    fits: (code, message) =>
      !sqlState.test(code) &&
      /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i.test(
        message,
      ),
    words: 'the database does not answer',
  },
  {
    fits: (code) => network.test(code),
    words: 'the database or another server that it needs does not answer',
  },
  {
    fits: (code) => sqlState.test(code) && /\d/.test(code),
    words: 'the database refuses what it is asked',
  },
  {
    fits: (code) => code.startsWith('messaging.'),
    words: 'the message broker does not take what it is given',
  },
];

function isPresentable(code: string): boolean {
  return /^[\w.-]{1,60}$/.test(code) && code !== 'unexpected' && code !== 'unknown';
}

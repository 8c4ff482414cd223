/** What an e-mail says, in both forms. */
export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** A paragraph, or a list of lines. */
export type MailPart = string | string[];

/** The same parts as plain text and as HTML. */
export function writeMail(subject: string, parts: readonly MailPart[]): MailText {
  return {
    subject,
    text: `${parts.map(asText).join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><body>\n${parts.map(asHtml).join('\n')}\n</body></html>\n`,
  };
}

/**
 * On one line, not endless, and read in the order it is written: names come from strangers and go
 * into a subject, where a change of direction can make `gpj.exe` out of `exe.jpg`.
 */
export function printable(text: string, maxLength = 120): string {
  const line = text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const characters = Array.from(segmenter.segment(line), ({ segment }) => segment);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}

export function count(number: number, noun: string): string {
  return `${figure(number)} ${noun}${number === 1 ? '' : 's'}`;
}

export function figure(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 minute 5 seconds`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 1) return 'less than a second';
  if (seconds < 60) return count(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined([minutes, 'minute'], [seconds % 60, 'second']);
  return joined([Math.floor(minutes / 60), 'hour'], [minutes % 60, 'minute']);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function asText(part: MailPart): string {
  return typeof part === 'string' ? part : part.map((line) => `- ${line}`).join('\n');
}

function asHtml(part: MailPart): string {
  if (typeof part === 'string') return `<p>${escapeHtml(part)}</p>`;
  return `<ul>\n${part.map((line) => `<li>${escapeHtml(line)}</li>`).join('\n')}\n</ul>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function joined(...parts: [number, string][]): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, noun]) => count(number, noun))
    .join(' ');
}

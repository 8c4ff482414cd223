import type { SourceOptions } from '@offload/contracts';
import { detectNewline } from '../csv/detect-newline.js';
import type { CsvDialect } from '../csv/dialect.js';
import {
  best,
  OTHER_DELIMITERS,
  PRIMARY_DELIMITERS,
  type Scored,
  scoreStyle,
} from './score-style.js';
import type { TextStyle } from './split-text.js';

/** How a CSV text is written, and how sure that is, from 0 to 1. */
export interface DetectedStyle extends Pick<CsvDialect, 'newline'> {
  delimiter: string;
  quote: string | null;
  escape: string | null;
  confidence: number;
}

/**
 * Tells how a CSV text is written, from its beginning (64 KiB are plenty; more is not looked at).
 *
 * What is told is believed, and the rest is looked for around it. The delimiter is the one that makes the most
 * regular records with the cleanest fields, of `, ; tab |` first; of rarer ones only when those make none, and
 * of `:` and the space only when every line agrees. Quotes are `"` unless `'` quotes whole fields and `"` none, or unless
 * reading `"` as a quote tears records that are regular without it. A backslash escapes when doubled quotes cannot explain
 * what is inside. A text of one column counts as one with commas.
 */
export function detectStyle(
  text: string,
  told: Pick<SourceOptions, 'delimiter' | 'quote' | 'escape' | 'newline'>,
  { isWhole }: { isWhole: boolean },
): DetectedStyle {
  const head = text.slice(0, SAMPLE_CHARACTERS);
  const newline = told.newline ?? detectNewline(head);
  const score = (style: Omit<TextStyle, 'newline'>): Scored => {
    const whole = { isWhole: isWhole && head.length === text.length };
    return scoreStyle(head, { ...style, newline: newline === 'cr' ? '\r' : '\n' }, whole);
  };

  const quoted = chooseQuote(head, told, (quote) => chooseDelimiter(head, told, quote, score));
  const { chosen, confidence } = quoted;
  const { delimiter, quote } = chosen.style;
  return { delimiter, quote, escape: chooseEscape(head, told, chosen, score), newline, confidence };
}

const SAMPLE_CHARACTERS = 64 * 1024;

interface Choice {
  chosen: Scored;
  confidence: number;
}

type Score = (style: Omit<TextStyle, 'newline'>) => Scored;
type Told = Pick<SourceOptions, 'delimiter' | 'quote' | 'escape'>;

function chooseQuote(text: string, told: Told, choose: (quote: string | null) => Choice): Choice {
  if (told.quote !== undefined) return choose(told.quote);
  const usual = choose('"');
  if (text.includes("'")) {
    const single = choose("'");
    if (isQuoting(single.chosen, usual.chosen)) return single;
  }
  if (usual.chosen.troubles > 0) {
    const none = choose(null);
    if (none.chosen.score > usual.chosen.score + CLEARLY) return none;
  }
  return usual;
}

/** It quotes whole fields, without any trouble, where `"` quotes none or tears the records. */
function isQuoting(single: Scored, usual: Scored): boolean {
  if (single.quotedFields < 2 || single.troubles > 0) return false;
  if (single.score > usual.score + CLEARLY) return true;
  const isUsed = single.quotedFields * 2 >= single.records && usual.quotedFields === 0;
  return isUsed && single.score >= usual.score;
}

function chooseDelimiter(text: string, told: Told, quote: string | null, score: Score): Choice {
  const scored = (delimiter: string) => score({ delimiter, quote, escape: escapeOf(told, quote) });
  if (told.delimiter !== undefined) return { chosen: scored(told.delimiter), confidence: 1 };

  const hint = /^sep=([^\r\n])\r?\n/i.exec(text)?.[1];
  if (hint !== undefined) return { chosen: scored(hint), confidence: 1 };

  const primary = best(PRIMARY_DELIMITERS.map(scored));
  if (primary && primary.chosen.score >= GOOD) return primary;
  const other = best(OTHER_DELIMITERS.map(scored));
  const choice = other && other.chosen.score > (primary?.chosen.score ?? 0) ? other : primary;
  if (choice) return choice;
  const hasNone = PRIMARY_DELIMITERS.every((delimiter) => !text.includes(delimiter));
  return { chosen: scored(','), confidence: hasNone ? 0.9 : 0.4 };
}

/** A score from which on no rarer delimiter is tried. */
const GOOD = 0.5;
/** By how much a rarer explanation must be better. */
const CLEARLY = 0.2;

function escapeOf({ escape = null }: Told, quote: string | null): string | null {
  return escape === quote ? null : escape;
}

function chooseEscape(text: string, told: Told, chosen: Scored, score: Score): string | null {
  const { delimiter, quote } = chosen.style;
  if (quote === null) return null;
  if (told.escape !== undefined) return escapeOf(told, quote);
  if (chosen.troubles === 0 || !text.includes(`\\${quote}`)) return null;
  const escaped = score({ delimiter, quote, escape: '\\' });
  return escaped.troubles < chosen.troubles && escaped.score >= chosen.score ? '\\' : null;
}

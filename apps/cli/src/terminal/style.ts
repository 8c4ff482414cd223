import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours, or none. */
export interface Style {
  strong: (text: string) => string;
  faint: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  notable: (text: string) => string;
}

/** Plain when colours are off, so that callers need not ask. */
export function styleFor(isColoured: boolean): Style {
  const paint =
    (format: Format) =>
    (text: string): string =>
      isColoured && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: paint('bold'),
    faint: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    notable: paint('yellow'),
  };
}

const tones: Record<string, keyof Style> = {
  open: 'notable',
  replaying: 'strong',
  resolved: 'good',
  discarded: 'faint',
  running: 'strong',
  paused: 'notable',
  loading: 'strong',
  awaiting_review: 'notable',
  finalizing: 'strong',
  canceling: 'notable',
  canceled: 'faint',
  reverting: 'notable',
  reverted: 'faint',
  completed: 'good',
  completed_with_errors: 'notable',
  aborted: 'bad',
  failed: 'bad',
  interrupted: 'notable',
  failed_again: 'bad',
  expired: 'bad',
  succeeded: 'good',
  sent: 'good',
  deferred: 'notable',
  up: 'good',
  silent: 'bad',
  ready: 'good',
  warning: 'notable',
  critical: 'bad',
};

/** A state in words, in the colour that says whether to worry. */
export function stateText(state: string, style: Style): string {
  const words = state.replaceAll('_', ' ');
  const tone = tones[state];
  return tone === undefined ? words : style[tone](words);
}

const unitsS: [name: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** A span for people, in its largest unit or two: `3 d`, `2 h 5 min`, `40 s`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const place = unitsS.findIndex(([, size]) => whole >= size);
  const [name, size] = unitsS[place] ?? ['s', 1];
  const rest = whole % size;
  const [smallName, smallSize] = unitsS[place + 1] ?? ['', Infinity];
  const small = Math.floor(rest / smallSize);
  // Two of them say more than one only while the first is small.
  const isExact = whole / size >= 10 || small === 0;
  return `${Math.floor(whole / size)} ${name}${isExact ? '' : ` ${small} ${smallName}`}`;
}

/** `3 min ago`; a dash for what has not happened. */
export function ago(at: string | null, now: Date): string {
  if (at === null) return '–';
  const seconds = (now.getTime() - Date.parse(at)) / 1000;
  return seconds < 1 ? 'now' : `${span(seconds)} ago`;
}

/** A point in time, and how long ago that was. */
export function moment(at: string | null, now: Date): string {
  return at === null ? '–' : `${at} (${ago(at, now)})`;
}

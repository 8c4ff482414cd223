/** A bar of so many characters, in eighths where the font has them. */
export function bar(share: number, width: number): { done: string; left: string } {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const whole = Math.floor(eighths / 8);
  const part = whole < width ? (parts[eighths % 8] ?? '') : '';
  const done = '█'.repeat(whole) + part;
  return { done, left: '░'.repeat(width - whole - (part === '' ? 0 : 1)) };
}

const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

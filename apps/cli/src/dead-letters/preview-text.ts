import type { ReplayPreview } from '@offload/contracts/http';
import { figure, plural } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';

/** What a replay would do: how many of which group, what is left alone and why, what to know before. */
export function previewText(preview: ReplayPreview, style: Style): string {
  const { count, groups, skipped, warnings, pace } = preview;
  if (count === 0 && skipped.length === 0) return 'Nothing matches; there is nothing to replay.';
  const width = Math.max(...[...groups, ...skipped].map((each) => figure(each.count).length));
  const line = (each: { count: number }, text: string): string =>
    `  ${figure(each.count).padStart(width)}  ${text}`;
  return [
    `${style.strong(plural(count, 'message'))} would be put back:`,
    ...groups.map((group) =>
      line(group, `${group.title}${style.faint(`  ${group.queue ?? '(unrouted)'}`)}`),
    ),
    ...(skipped.length > 0 ? ['Left alone:'] : []),
    ...skipped.map((each) => line(each, `${each.detail} (${each.code})`)),
    ...warnings.map(({ detail }) => style.notable(`Warning: ${detail}`)),
    style.faint(
      `First ${pace.canary}, then growing batches, then at most ${pace.rate_per_s}/s with ` +
        `${pace.max_in_flight} on their way.`,
    ),
  ].join('\n');
}

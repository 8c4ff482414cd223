import type { DeadLetterResource } from '@offload/contracts/http';
import type { Session } from '../session.js';
import { details, pretty } from '../terminal/details.js';
import { type Style, stateText } from '../terminal/style.js';
import { moment } from '../terminal/times.js';

/** `offload dead-letters show` */
export async function showLetter(session: Session, id: string): Promise<void> {
  const letter = await session.api.get<DeadLetterResource>('getDeadLetter', { id });
  session.show(letter, () => letterText(letter, session.terminal.style, session.now()));
}

/** Everything that is known of it: what failed, where and how often, the message, what was done. */
export function letterText(letter: DeadLetterResource, style: Style, now: Date): string {
  const { failure, headers, properties, references, history } = letter;
  const parts = [
    details(
      [
        ['dead letter', style.strong(letter.id)],
        ['state', stateText(letter.state, style)],
        ['failure', `${style.bad(failure.code)} (${failure.class})\n${failure.message}`],
        ['in our code', failure.frame ?? undefined],
        ['given up by', `${failure.service ?? 'unknown'} on ${failure.host ?? 'unknown'}`],
        ['queue', letter.queue ?? '(unrouted)'],
        ['group', letter.group_id],
        ['message', `${letter.message_type ?? 'unknown type'}, id ${letter.message_id ?? 'none'}`],
        ['about', letter.subject ?? undefined],
        ['copy of', letter.edit_of ?? undefined],
        ['tenant', letter.tenant_id ?? undefined],
        ['correlation', letter.correlation_id ?? undefined],
        [
          'tries',
          `${letter.attempts}; given up ${letter.failures} ×, replayed ${letter.replays} ×`,
        ],
        ['first failed', moment(letter.first_failed_at, now)],
        ['last failed', moment(letter.failed_at, now)],
      ],
      style,
    ),
    section('Refers to', referenceLines(references, style), style),
    section('History', historyLines(history, now), style),
    section('Properties', pretty(properties), style, properties),
    section('Headers', pretty(headers), style, headers),
    section('Stack', letter.stack ?? '', style),
    section(`Body (${letter.body_encoding})`, bodyText(letter), style),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function referenceLines(references: DeadLetterResource['references'], style: Style): string {
  return references
    .map(({ pointer, found, summary, href }) => {
      const text = found ? summary : style.bad(summary);
      return `${pointer}  ${text}${href === null ? '' : style.faint(`  ${href}`)}`;
    })
    .join('\n');
}

function historyLines(history: DeadLetterResource['history'], now: Date): string {
  return history
    .map(({ at, action, outcome, reason }) => {
      const ending = outcome === null ? '' : ` → ${outcome}`;
      return `${moment(at, now)}  ${action}${ending}${reason === null ? '' : `: ${reason}`}`;
    })
    .join('\n');
}

function bodyText({ body, body_encoding: encoding }: DeadLetterResource): string {
  return encoding === 'base64' ? String(body) : pretty(body);
}

function section(title: string, text: string, style: Style, content: object = [text]): string {
  if (text === '' || Object.keys(content).length === 0) return '';
  return `${style.strong(title)}\n${text.replaceAll(/^/gm, '  ')}`;
}

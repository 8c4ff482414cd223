import { AppError } from '@offload/platform';

/** What one stream may follow at most. */
const maxTopics = 50;

const topicPattern =
  /^(import|email|replay):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\*)$/;

export class InvalidTopics extends AppError {
  constructor(message: string) {
    super('invalid_topics', message, {
      help: 'Ask for ?topics=import:<id>,email:<id>,replay:<id>; * in place of an id follows all of that kind.',
    });
  }
}

/** Reads `?topics=a,b`. Throws InvalidTopics. */
export function parseTopics(text: string | undefined): string[] {
  const topics = [
    ...new Set(
      (text ?? '')
        .split(',')
        .map((topic) => topic.trim())
        .filter(Boolean),
    ),
  ];
  if (topics.length === 0) throw new InvalidTopics('No topics were given.');
  if (topics.length > maxTopics)
    throw new InvalidTopics(`More than ${maxTopics} topics were given.`);
  const wrong = topics.find((topic) => !topicPattern.test(topic));
  if (wrong) throw new InvalidTopics(`“${wrong}” is not a topic.`);
  return topics;
}

/** Reads `Last-Event-ID`; undefined for a first connection and for anything that we never sent. */
export function parseLastEventId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `import` of `import:<id>`. */
export function kindOf(topic: string): string {
  return topic.slice(0, topic.indexOf(':'));
}

/** `import:*` follows a kind, has no snapshot and never ends. */
export function isWildcard(topic: string): boolean {
  return topic.endsWith(':*');
}

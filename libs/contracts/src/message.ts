import type { z } from 'zod';

/**
 * A contract is one file that is type, schema, factory and wire name at once.
 *
 * Calling it validates a payload and returns a message that a handler may return or the outbox may
 * store. `type` is `<owner>.<kebab-name>.v<major>`; it is also the routing key, the name of the
 * example file and the log field, and it is written nowhere else.
 */
export interface Contract<S extends z.ZodType = z.ZodType> {
  (payload: z.input<S>): Outgoing<z.output<S>>;
  readonly kind: MessageKind;
  readonly type: string;
  /** The service that obeys a command, or publishes an event. */
  readonly owner: string;
  readonly schema: S;
  /** What the message is about, as `<kind>:<id>`; the topic under which people follow it. */
  readonly subjectOf: (payload: z.output<S>) => string | undefined;
}

export type MessageKind = 'command' | 'event' | 'hint';

/** A message on its way out: a handler returns it, the outbox stores it, the relay publishes it. */
export interface Outgoing<P = unknown> {
  readonly kind: MessageKind;
  readonly type: string;
  readonly subject: string | undefined;
  /** One of a great many, each of which says little: a trace tells of it only where something comes of it. (Default: false) */
  readonly isMinor?: boolean;
  readonly payload: P;
}

/** The payload type of a contract. */
export type PayloadOf<C> = C extends Contract<infer S> ? z.output<S> : never;

/** Asks its owner to do something. Exactly one handler obeys it. */
export function command<S extends z.ZodType>(
  type: string,
  schema: S,
  subjectOf: SubjectOf<S> = noSubject,
  isMinor: IsMinor<S> = never,
): Contract<S> {
  return contract('command', type, schema, { subjectOf, isMinor });
}

/** Says what happened in its owner. Any number of handlers listen. */
export function event<S extends z.ZodType>(
  type: string,
  schema: S,
  subjectOf: SubjectOf<S> = noSubject,
  isMinor: IsMinor<S> = never,
): Contract<S> {
  return contract('event', type, schema, { subjectOf, isMinor });
}

/**
 * Tells the other replicas of its owner what they would find out anyway. It is not stored on its way
 * and may be lost, so nothing may depend on it.
 */
export function hint<S extends z.ZodType>(type: string, schema: S): Contract<S> {
  return contract('hint', type, schema, { subjectOf: noSubject, isMinor: always });
}

type SubjectOf<S extends z.ZodType> = (payload: z.output<S>) => string | undefined;

/** Which messages of a type are so many that a trace is better without them. */
type IsMinor<S extends z.ZodType> = (payload: z.output<S>) => boolean;

const typePattern = /^([a-z][a-z0-9]*)\.[a-z][a-z0-9-]*\.v[1-9][0-9]*$/;

function contract<S extends z.ZodType>(
  kind: MessageKind,
  type: string,
  schema: S,
  { subjectOf, isMinor }: { subjectOf: SubjectOf<S>; isMinor: IsMinor<S> },
): Contract<S> {
  const owner = typePattern.exec(type)?.[1];
  if (!owner) throw new Error(`"${type}" is not a message type: <owner>.<kebab-name>.v<major>.`);
  const factory = (payload: z.input<S>): Outgoing<z.output<S>> => {
    const valid = schema.parse(payload);
    return { kind, type, subject: subjectOf(valid), isMinor: isMinor(valid), payload: valid };
  };
  return Object.assign(factory, { kind, type, owner, schema, subjectOf });
}

const noSubject = (): undefined => undefined;
const never = (): boolean => false;

/** For messages that tell how far something has come: there may be hundreds for one import. */
export const always = (): boolean => true;

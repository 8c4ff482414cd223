import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Contract, Envelope, Outgoing, PayloadOf } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { DeadLetter } from './dead-letter.js';
import { PassErrorsOn } from './pass-errors-on.filter.js';

/** Marks the handlers that the messaging strategy feeds, so that other transports leave them alone. */
export const offloadTransport = Symbol('offload.messaging');

/**
 * Obeys or listens to one contract.
 *
 * It runs in one transaction with the inbox row of its message. Returning commits and sends what was
 * returned. Throwing rolls everything back: a PermanentError makes a dead letter, anything else is
 * retried. The message may arrive again at any time; the inbox makes that a no-op.
 */
export interface MessageHandler<C extends Contract> {
  handle(payload: PayloadOf<C>, context: HandlerContext): Promise<Outgoing[]>;
}

/** Stores what the system has given up on. Runs under the same promises as a MessageHandler. */
export interface DeadLetterHandler {
  handle(deadLetter: DeadLetter, context: HandlerContext): Promise<Outgoing[]>;
}

export interface HandlerContext {
  /** The transaction of this delivery. */
  tx: EntityManager;
  envelope: Envelope;
  /**
   * The system gives up if this try fails. A handler that tells somebody so must then fail with a
   * PermanentError: any other failure is retried all the same while the brake is on.
   */
  isLastAttempt: boolean;
}

export interface HandlesOptions {
  /** `<service>.<what-it-does>`, the handler's file name without its suffix. */
  queue: string;
  /** Deliveries in hand at once per process. (Default: 10) */
  prefetch?: number;
  /** Tries altogether. (Default: 8) */
  attempts?: number;
  /**
   * Answers false for a failure that is its message's own affair, such as a recipient who is put off:
   * it shows that what the handler needs is there, so the brake takes it for a success.
   * (Default: every failure may be everybody's)
   */
  brakeOn?: (error: unknown) => boolean;
}

/** What the strategy reads of a handler. */
export interface Registration {
  queue: string;
  contract: Contract | undefined;
  prefetch: number;
  attempts: number;
  brakeOn?: ((error: unknown) => boolean) | undefined;
}

/**
 * Gives a queue and its contract to a handler class. List the class under `controllers` of its module.
 *
 * A handler whose payload type is not the contract's does not compile.
 */
export function Handles<C extends Contract>(contract: C, options: HandlesOptions) {
  return (handler: new (...dependencies: never[]) => MessageHandler<C>): void => {
    register(handler, {
      queue: options.queue,
      contract,
      prefetch: options.prefetch ?? 10,
      attempts: options.attempts ?? 8,
      brakeOn: options.brakeOn,
    });
  };
}

/**
 * Gives one of the queues of last resort to a handler class.
 *
 * There is nowhere to give up to from here: a failure keeps the message in hand and is tried again
 * until it succeeds.
 */
export function HandlesDeadLetters(queue: string) {
  return (handler: new (...dependencies: never[]) => DeadLetterHandler): void => {
    register(handler, { queue, contract: undefined, prefetch: 10, attempts: Infinity });
  };
}

function register(
  handler: new (...dependencies: never[]) => { handle: (...args: never[]) => unknown },
  registration: Registration,
): void {
  const prototype: object = handler.prototype;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'handle');
  if (!descriptor) throw new Error(`${handler.name} has no method handle().`);
  Payload()(prototype, 'handle', 0);
  Ctx()(prototype, 'handle', 1);
  EventPattern<string>(registration.queue, offloadTransport, { registration })(
    prototype,
    'handle',
    descriptor,
  );
  UseFilters(PassErrorsOn)(handler);
  Controller()(handler);
  Reflect.defineMetadata(registrationKey, registration, handler);
}

const registrationKey = 'offload:registration';

/** The queue and contract of a handler class; undefined for any other class. */
export function registrationOf(handler: object): Registration | undefined {
  const found: unknown = Reflect.getMetadata(registrationKey, handler);
  return found as Registration | undefined;
}

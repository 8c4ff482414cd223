import { Inject, Injectable } from '@nestjs/common';
import {
  BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  Server,
} from '@nestjs/microservices';
import { catalog, type Outgoing } from '@offload/contracts';
import { lastValueFrom } from 'rxjs';
import type { InvokeHandler } from './consume/delivery.js';
import {
  type HandlerContext,
  offloadTransport,
  type Registration,
} from './consume/handles.decorator.js';
import { checkWiring } from './consume/wiring.js';
import type { RegisteredHandler } from './consume/delivery-work.js';
import { MessagingRuntime } from './messaging-runtime.js';
import { MESSAGING_OPTIONS, type MessagingOptions } from './messaging.options.js';

/**
 * Nest's door to the road: collects the classes marked with `@Handles` and feeds them.
 *
 * Nest's own RabbitMQ transport neither confirms nor retries nor drains; through this one handlers
 * stay ordinary Nest message handlers, with injection, guards and interceptors.
 */
@Injectable()
export class MessagingStrategy extends Server implements CustomTransportStrategy {
  override transportId: symbol = offloadTransport;
  /** Failures become outcomes of deliveries; Nest must not log them a second time. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(
    @Inject(MESSAGING_OPTIONS) private readonly options: MessagingOptions,
    private readonly runtime: MessagingRuntime,
  ) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      const handlers = this.registeredHandlers();
      checkWiring(
        this.options.service,
        catalog,
        handlers.map(({ registration }) => registration),
      );
      await this.runtime.start(handlers);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await this.runtime.stop();
  }

  on(): void {
    throw new Error('Listen to the deliveries of MessagingRuntime instead.');
  }

  unwrap<T>(): T {
    return this.runtime as T;
  }

  /** The handlers with the queues that feed them. */
  registeredHandlers(): RegisteredHandler[] {
    return [...this.messageHandlers.values()].flatMap((handler) =>
      chainOf(handler).map((link) => ({
        registration: registrationIn(link),
        invoke: (payload, context) => this.invoke(link, payload, context),
      })),
    );
  }

  private async invoke(
    handler: MessageHandler,
    payload: unknown,
    context: HandlerContext,
  ): ReturnType<InvokeHandler> {
    const rpcContext = Object.assign(new BaseRpcContext([payload]), context);
    const result$ = this.transformToObservable(await handler(payload, rpcContext));
    const outgoing: unknown = await lastValueFrom(result$, { defaultValue: [] });
    return (outgoing ?? []) as Outgoing[];
  }
}

/** Nest chains several handlers of one pattern; each is told apart, so that start-up can refuse them. */
function chainOf(handler: MessageHandler): MessageHandler[] {
  const chain: MessageHandler[] = [];
  for (
    let link: MessageHandler | undefined = handler;
    link;
    link = link.next as MessageHandler | undefined
  ) {
    chain.push(link);
  }
  return chain;
}

function registrationIn(handler: MessageHandler): Registration {
  const registration: unknown = handler.extras?.['registration'];
  return registration as Registration;
}

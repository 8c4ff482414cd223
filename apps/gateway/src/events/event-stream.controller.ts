import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { CreateTicketRequest, StreamEventsQuery, type Ticket } from '@offload/contracts/http';
import type { Response } from 'express';
import { TakesTicket } from '../access/access.guard.js';
import { type AuthenticatedRequest, type Caller, CurrentCaller } from '../access/caller.js';
import { JsonBody, ValidQuery } from '../http/request-parts.js';
import { OpenStream } from './open-stream.js';
import { StreamTickets, type TicketHolder } from './stream-tickets.js';
import { mayFollow } from './may-follow.js';
import { parseLastEventId, parseTopics } from './topics.js';

@Controller('v1/events')
export class EventStreamController {
  constructor(
    private readonly openStream: OpenStream,
    private readonly tickets: StreamTickets,
  ) {}

  /** Written by hand, on the raw response: the stream outlives the handler. */
  @Get()
  @TakesTicket()
  async stream(
    @Req() request: AuthenticatedRequest,
    @Res() response: Response,
    @ValidQuery(StreamEventsQuery) query: StreamEventsQuery,
  ): Promise<void> {
    const lastEventId = parseLastEventId(lastEventIdOf(request));
    await this.openStream.execute(
      { ...(await this.holderOf(request, query)), lastEventId },
      response,
    );
  }

  @Post('tickets')
  @HttpCode(201)
  async createTicket(
    @CurrentCaller() caller: Caller,
    @JsonBody(CreateTicketRequest) { topics }: CreateTicketRequest,
  ): Promise<Ticket> {
    return this.tickets.issue(mayFollow(caller, parseTopics(topics.join(','))));
  }

  private async holderOf(
    { caller }: AuthenticatedRequest,
    { ticket, topics }: StreamEventsQuery,
  ): Promise<TicketHolder> {
    if (ticket !== undefined || !caller) return this.tickets.redeem(ticket ?? '');
    return mayFollow(caller, parseTopics(topics));
  }
}

function lastEventIdOf({ headers }: AuthenticatedRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' ? given : undefined;
}

import { Injectable } from '@nestjs/common';
import { SendEmail } from '@offload/contracts';
import type { CreateEmailRequest } from '@offload/contracts/http';
import { v7 } from 'uuid';
import { Reply } from '../http/reply.js';
import { AcceptOnce } from '../idempotency/accept-once.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { Email, emailResource } from './email.entity.js';

/** Accepts an e-mail: its row and the command to send it commit together, or nothing does. */
@Injectable()
export class AcceptEmail {
  constructor(private readonly acceptOnce: AcceptOnce) {}

  async execute(key: RequestKey, request: CreateEmailRequest): Promise<Reply> {
    return this.acceptOnce.execute(key, request, async (tx) => {
      const email = queuedEmail(key.caller.tenantId, request);
      await tx.insert(Email, email);
      return { reply: accepted(email), messages: [sendEmail(email)] };
    });
  }
}

function queuedEmail(tenantId: string, content: CreateEmailRequest): Email {
  return Object.assign(new Email(), {
    id: v7(),
    tenantId,
    content,
    state: 'queued' as const,
    attempts: 0,
    reason: null,
    response: null,
    refused: [],
    messageIdHeader: null,
    createdAt: new Date(),
    reportedAt: null,
    sentAt: null,
    failedAt: null,
  });
}

function sendEmail({ id, content }: Email) {
  const { reply_to: replyTo, ...rest } = content;
  return SendEmail({ emailId: id, replyTo, ...rest });
}

function accepted(email: Email): Reply {
  const resource = emailResource(email);
  return new Reply(
    202,
    {
      Location: resource.links.self,
      'Retry-After': '1',
      Link: `<${resource.links.events}>; rel="monitor"`,
    },
    resource,
  );
}

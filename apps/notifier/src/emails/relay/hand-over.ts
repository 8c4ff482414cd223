import type { NodemailerError } from 'nodemailer';

/** How one conversation with a relay went, for each recipient. */
export interface HandOver {
  /**
   * `taken`: the relay has it for all recipients that it will ever have it for. `deferred`: another
   * try can help. `refused`: none can. `in-doubt`: the relay had the whole message when the
   * connection broke.
   */
  verdict: 'taken' | 'deferred' | 'refused' | 'in-doubt';
  /**
   * The relay spoke of this e-mail: it was there and let us in, so that it may well take others. Not so
   * when it did not answer, turned everybody away (421), or closed in the middle.
   */
  isAboutThisEmail: boolean;
  /** The relay's words, or ours when it said nothing. */
  reply: string;
  accepted: string[];
  /** Refused for good. */
  refused: string[];
}

/** What nodemailer tells of a message that the relay took for at least one recipient. */
export interface RelayAnswer {
  response: string;
  accepted: string[];
  rejectedErrors?: NodemailerError[] | undefined;
}

/**
 * Reads the relay's 250.
 *
 * It may hold for some recipients only. One that was put off (4xx, greylisting) leaves the e-mail
 * deferred, so that it gets another attempt; one that was refused (5xx) does not.
 */
export function readAnswer({ response, accepted, rejectedErrors = [] }: RelayAnswer): HandOver {
  const putOff = rejectedErrors.filter((error) => !isRefusal(error));
  const refused = rejectedErrors.filter(isRefusal).flatMap(({ recipient }) => recipient ?? []);
  return {
    verdict: putOff.length > 0 ? 'deferred' : 'taken',
    isAboutThisEmail: true,
    reply: [response, ...putOff.map(describeReply)].join(' | '),
    accepted,
    refused,
  };
}

/**
 * Reads why nothing was taken. `isBodyGone` tells whether the relay had been given the whole message.
 *
 * RFC 5321, section 4.2.1, on 5yz: "The command was not accepted and the requested action did not
 * occur. The SMTP client SHOULD NOT repeat the exact request". That holds for the e-mail when it
 * answers MAIL, RCPT or DATA. A 5yz to the connection, to EHLO or to AUTH speaks of the relay and of
 * our right to use it; an operator can mend that, so the e-mail waits.
 */
export function readFailure(error: NodemailerError, isBodyGone: boolean): HandOver {
  const nobody = { accepted: [], refused: [], isAboutThisEmail: isAnswerToThisEmail(error) };
  const reply = describeReply(error);
  if (isRefusal(error)) return { verdict: 'refused', reply, ...nobody };
  if (isBodyGone && error.responseCode === undefined) {
    return {
      verdict: 'in-doubt',
      reply: `The relay was given the whole message and did not answer; it may have sent it. (${reply})`,
      ...nobody,
    };
  }
  return { verdict: 'deferred', reply, ...nobody };
}

/** RFC 5321, section 3.8: a server that closes "SHOULD send a 421 response", whatever the command was. */
function isAnswerToThisEmail({ code, responseCode }: NodemailerError): boolean {
  const isAboutThisEmail = code === 'EENVELOPE' || code === 'EMESSAGE';
  const isForEverybody = responseCode === 421 || responseCode === authenticationRequired;
  return isAboutThisEmail && responseCode !== undefined && !isForEverybody;
}

function isRefusal({ code, command, responseCode, permanent }: NodemailerError): boolean {
  const isAboutThisEmail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (!isAboutThisEmail || responseCode === authenticationRequired) return false;
  // Without a reply it is nodemailer that refuses: no valid recipient, or larger than the relay takes.
  if (responseCode === undefined) return command === 'API' || command === 'MAIL FROM';
  return permanent === true;
}

/** RFC 4954, section 6: "530 5.7.0 Authentication required". */
const authenticationRequired = 530;

function describeReply(error: NodemailerError): string {
  const words = error.response ?? wordsWithoutReply(error);
  return error.recipient ? `${error.recipient}: ${words}` : words;
}

function wordsWithoutReply({ code, message, originalCode }: NodemailerError): string {
  if (code === 'EABORT') return 'The relay did not come to an end in time.';
  return originalCode ? `${message} (${originalCode})` : message;
}

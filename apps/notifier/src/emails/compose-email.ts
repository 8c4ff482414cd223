import {
  bareAddress,
  headerNamePattern,
  isReservedHeader,
  type SendEmail,
} from '@offload/contracts';
import type { NamedAddress, RelayMail } from './relay/relay-mail.js';
import { UnsendableEmail } from './emails.errors.js';

/** The sender and the Message-ID of an e-mail: RFC 5322, section 3.6.4 wants the latter globally unique. */
export function identify(
  { emailId, from }: SendEmail,
  defaultFrom: string,
): { from: string; messageIdHeader: string } {
  const sender = from ?? defaultFrom;
  const domain = bareAddress(sender).split('@').at(-1) ?? 'localhost';
  return { from: sender, messageIdHeader: `<${emailId}@${domain}>` };
}

/**
 * Makes the message for the relay; recipients in `alreadyServed` still see their names in it, but do
 * not get it again. Must have passed `checkSendable`.
 */
export function composeEmail(
  email: SendEmail,
  fixed: { from: string; messageIdHeader: string; date: Date; alreadyServed: readonly string[] },
): RelayMail {
  const recipients = [...email.to, ...(email.cc ?? []), ...(email.bcc ?? [])].map(bareAddress);
  // nodemailer writes domains in lower case, also where it reports who was accepted.
  const served = new Set(fixed.alreadyServed.map((address) => address.toLowerCase()));
  const from = parseAddress(fixed.from);
  return {
    envelope: {
      from: from.address,
      to: [...new Set(recipients)].filter((address) => !served.has(address.toLowerCase())),
    },
    messageIdHeader: fixed.messageIdHeader,
    date: fixed.date,
    from,
    to: email.to.map(parseAddress),
    cc: (email.cc ?? []).map(parseAddress),
    replyTo: (email.replyTo ?? []).map(parseAddress),
    subject: email.subject,
    html: email.html,
    text: email.text,
    headers: email.headers ?? {},
  };
}

/**
 * Throws UnsendableEmail for what could not be told apart from headers of our own, or from the ones
 * that decide where the e-mail goes.
 */
export function checkSendable({ emailId, subject, html, text, headers = {} }: SendEmail): void {
  if (html === undefined && text === undefined) {
    throw new UnsendableEmail(emailId, 'The e-mail has neither html nor text.');
  }
  if (hasLineBreak(subject)) {
    throw new UnsendableEmail(emailId, 'The subject must stand on one line.');
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!headerNamePattern.test(name)) {
      throw new UnsendableEmail(emailId, `${JSON.stringify(name)} is not a header name.`);
    }
    if (isReservedHeader(name)) {
      throw new UnsendableEmail(emailId, `The header ${name} cannot be set.`);
    }
    if (hasLineBreak(value)) {
      throw new UnsendableEmail(emailId, `The header ${name} must stand on one line.`);
    }
  }
}

/**
 * Splits `"Lovelace, Ada" <ada@example.org>` into name and address. Given to nodemailer as an
 * object, a comma in the name cannot become a second recipient.
 */
export function parseAddress(text: string): NamedAddress {
  const address = bareAddress(text);
  const name = text.trim() === address ? '' : text.slice(0, text.indexOf('<')).trim();
  const quoted = /^"(.*)"$/.exec(name)?.[1];
  return { name: quoted === undefined ? name : quoted.replace(/\\(.)/g, '$1'), address };
}

function hasLineBreak(text: string): boolean {
  return /[\r\n\0]/.test(text);
}

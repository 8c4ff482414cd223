/** An Internet message and the addresses it goes to, as a relay is given it. */
export interface RelayMail {
  /** Bare addresses; the message's own To and Cc do not decide who gets it. */
  envelope: { from: string; to: string[] };
  messageIdHeader: string;
  date: Date;
  from: NamedAddress;
  to: NamedAddress[];
  cc: NamedAddress[];
  replyTo: NamedAddress[];
  subject: string;
  html: string | undefined;
  text: string | undefined;
  headers: Record<string, string>;
}

export interface NamedAddress {
  name: string;
  address: string;
}

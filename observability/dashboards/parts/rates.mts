/** Units that Grafana has no name for: what it does not know, it shows as it stands. */
export const MessagesPerSecond = 'suffix: msg/s';
export const RowsPerSecond = 'suffix: rows/s';
export const ChunksPerSecond = 'suffix: chunks/s';
export const EventsPerSecond = 'suffix: events/s';
export const MailsPerSecond = 'suffix: mails/s';

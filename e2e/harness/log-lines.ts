import type { ServiceProcess } from '../../scripts/lib/service-process.mts';

/** The fields of a log line that tests look at. */
export interface LogLine {
  event?: string;
  correlationId?: string;
  queue?: string;
  outcome?: string;
  messageId?: string;
  trace_id?: string;
  span_id?: string;
  name?: string;
  /** Of a process that was asked to stop: those it had in hand. */
  requests?: number;
}

/** What a process has logged, line by line; one cut off by a kill is left out. */
export function logLines(service: ServiceProcess): LogLine[] {
  return service.log().split('\n').flatMap(parse);
}

/** How the deliveries of one message ended, in order. */
export function deliveriesOf(service: ServiceProcess, messageId: string): string[] {
  return logLines(service)
    .filter((line) => line.event === 'delivery' && line.messageId === messageId)
    .map(({ outcome = '' }) => outcome);
}

function parse(line: string): LogLine[] {
  try {
    const fields: unknown = JSON.parse(line);
    return typeof fields === 'object' && fields !== null ? [fields] : [];
  } catch {
    return [];
  }
}

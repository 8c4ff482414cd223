import { handlerHarness } from '@offload/testing';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { aStoredImport, resumed, reverted } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { database } from '../database/database.js';
import { TrackImportResumedHandler } from './track-import-resumed.handler.js';
import { TrackImportRevertedHandler } from './track-import-reverted.handler.js';

const service = { service: 'gateway', database };

describe('who follows an import that has ended', () => {
  const { as, bootstrapKey, db, url } = gatewayHarness();
  const { deliver: deliverResumed } = handlerHarness(TrackImportResumedHandler, service);
  const { deliver: deliverReverted } = handlerHarness(TrackImportRevertedHandler, service);

  it('is told nothing more, then everything from the moment when it is reverted to its new end', async () => {
    const { id } = await aStoredImport(db(), {
      state: 'completed',
      rowsCreated: 100,
      sequence: 5,
      finishedAt: new Date(),
    });
    const first = await follow(id);
    expect(namesOf(await first.ended)).toEqual(['snapshot', 'end']);
    expect((await follow(id, '0')).status).toBe(204);

    await as().post(`/v1/imports/${id}/revert`).expect(202);
    const second = await follow(id);
    await deliverResumed(resumed(id, 6, 'revert'));
    await deliverReverted(reverted(id, 7));
    const events = await second.ended;

    expect(namesOf(events).filter((name) => name !== 'action-requested')).toEqual([
      'snapshot',
      'import-resumed',
      'import-reverted',
      'end',
    ]);
    expect(statesOf(events)).toEqual(expect.arrayContaining(['reverting', 'reverted']));
    const last = events.findLast(({ id: sequence }) => sequence !== undefined)?.id;
    expect((await follow(id, last)).status).toBe(204);
  });

  const follow = async (id: string, lastEventId?: string) => {
    const response = await fetch(`${url()}/v1/events?topics=import:${id}`, {
      headers: {
        authorization: `Bearer ${bootstrapKey}`,
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
    });
    return { status: response.status, ended: readAll(response) };
  };
});

async function readAll(response: Response): Promise<EventSourceMessage[]> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event) });
  parser.feed(await response.text());
  return events;
}

function namesOf(events: readonly EventSourceMessage[]): (string | undefined)[] {
  return events.map(({ event }) => event);
}

function statesOf(events: readonly EventSourceMessage[]): unknown[] {
  return events.map(({ data }) => (JSON.parse(data) as { data?: { state?: string } }).data?.state);
}

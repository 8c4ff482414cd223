import { QueueList } from '@offload/contracts/http';
import { eventually, management, managementUrl, workerVhost } from '@offload/testing';
import { gatewayHarness, type HarnessSettings } from '../../../test/gateway-harness.js';

const fast = { HEARTBEAT_MS: '200' };

const withPassword = (password: string): string => {
  const url = new URL(managementUrl());
  url.password = password;
  return url.href;
};

const queuesHarness = (settings: HarnessSettings) => {
  const { as } = gatewayHarness(settings);
  return {
    list: async (): Promise<QueueList> => {
      const { body } = await as().get('/v1/monitor/queues').expect(200);
      return QueueList.parse(body);
    },
  };
};

describe('the queues, with the management API', () => {
  const { list } = queuesHarness({
    broker: 'queues',
    config: { ...fast, RABBITMQ_MANAGEMENT_URL: managementUrl() },
  });

  it('shows those of our virtual host, with what the workers say', async () => {
    const vhost = encodeURIComponent(new URL(await workerVhost('queues')).pathname.slice(1));
    await management('PUT', `queues/${vhost}/billing`, { durable: true });

    const { data, sources } = await eventually(async () => {
      const answer = await list();
      const tracked = answer.data.find(({ name }) => name === 'gateway.track-import-started');
      expect(tracked).toMatchObject({ ready: 0, consumers: 1 });
      expect(answer.data.find(({ name }) => name === 'billing')).toMatchObject({ ready: 0 });
      return answer;
    }, 30_000);

    expect(sources.management).toEqual({ available: true, detail: null });
    expect(sources.workers).toEqual({ available: true, detail: null });
    const purposes = Object.fromEntries(data.map(({ name, purpose }) => [name, purpose]));
    expect(purposes).toMatchObject({
      'gateway.track-import-started': 'work',
      'dead-letters': 'last_resort',
      'retry.100ms': 'retry',
      billing: 'other',
    });
    expect(Object.values(purposes)).toContain('replica');
    expect(data.find(({ name }) => name === 'dead-letters')).toMatchObject({
      published_per_s: expect.any(Number),
      acked_per_s: expect.any(Number),
    });
  });
});

describe('the queues, without the management API', () => {
  const { list } = queuesHarness({ broker: 'queues-plain', config: fast });

  it('are counted by the broker itself, and say what is missing', async () => {
    const { data, sources } = await eventually(async () => {
      const answer = await list();
      const tracked = answer.data.find(({ name }) => name === 'gateway.track-import-started');
      expect(tracked).toMatchObject({ ready: 0, unacked: 0, consumers: 1, published_per_s: null });
      return answer;
    });

    expect(sources.management).toEqual({
      available: false,
      detail: expect.stringContaining('RABBITMQ_MANAGEMENT_URL is not set'),
    });
    expect(data.find(({ name }) => name === 'retry.300ms')).toMatchObject({
      purpose: 'retry',
      ready: 0,
    });
  });
});

describe('the queues, with a wrong password for the management API', () => {
  const { list } = queuesHarness({
    broker: 'queues-refused',
    config: { ...fast, RABBITMQ_MANAGEMENT_URL: withPassword('s3cret-and-wrong') },
  });

  it('says so without giving the password away, and counts by the broker', async () => {
    const { data, sources } = await list();

    expect(sources.management.detail).toMatch(
      /refuses the user “\w+” \(401\)\. Check user and password/,
    );
    expect(sources.management.detail).not.toContain('s3cret');
    expect(data.find(({ name }) => name === 'dead-letters')).toMatchObject({ ready: 0 });
  });
});

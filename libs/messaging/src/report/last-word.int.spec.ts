import { WorkerReported } from '@offload/contracts';
import { eventually, handlerFor, Note, roadHarness } from '@offload/testing';

describe('the last word of a process', () => {
  const { start } = roadHarness('last-word');

  it('tells the others that it ends, so that its silence alarms nobody', async () => {
    const listener = await start(handlerFor(Note, 'probe.note', () => []));
    const heard: WorkerReported[] = [];
    listener.onHint(WorkerReported, 'workers', (report) => heard.push(report));
    const ends = await start(handlerFor(Note, 'probe.note', () => []));
    const { instance } = await ends.report();

    await eventually(async () => {
      await ends.stop();
      expect(heard.findLast((report) => report.instance === instance)).toMatchObject({
        isLast: true,
      });
    });
  });

  it('hands every report to its own process too, whatever the broker does', async () => {
    const runtime = await start(handlerFor(Note, 'probe.note', () => []));
    const own: WorkerReported[] = [];
    runtime.reports.subscribe((report) => own.push(report));

    await runtime.stop();

    expect(own.at(-1)).toMatchObject({ isLast: true });
  });
});

import { createHash, randomBytes } from 'node:crypto';
import type { UploadResource } from '@offload/contracts/http';
import { ResumableUpload } from './resumable-upload.js';
import { sendSlowly } from './send-slowly.js';
import type { StrictApi } from './strict-api.js';

const bytes = 6 * 1024 ** 2;
/** Between two of the 24 steps of a file. */
const restMs = 150;

export interface Target {
  url: string;
  apiKey: string;
  storageFolder: string;
}

/** Uploads that take some four seconds each, half of them by tus, so that every gateway has some in hand. */
export class SlowUploads {
  private constructor(private readonly sending: Promise<void>[]) {}

  /** Answers once bytes of each have come. */
  static async start(api: StrictApi, target: Target): Promise<SlowUploads> {
    const [one, two] = await Promise.all([beginTus(api, target), beginTus(api, target)]);
    const sending = [
      sendTus(api, one, target),
      sendTus(api, two, target),
      sendPlain(api, target),
      sendPlain(api, target),
    ];
    await Promise.all([one, two].map((upload) => upload.untilStored(1)));
    return new SlowUploads(sending);
  }

  async done(): Promise<void> {
    await Promise.all(this.sending);
  }
}

function beginTus(api: StrictApi, { storageFolder }: Target): Promise<ResumableUpload> {
  return ResumableUpload.begin(api, randomBytes(bytes), storageFolder);
}

async function sendTus(api: StrictApi, upload: ResumableUpload, target: Target): Promise<void> {
  await api.watch('PATCH of a slow upload', statusOf(upload.sendFrom(0, target, restMs)));
}

async function sendPlain(api: StrictApi, { url, apiKey }: Target): Promise<void> {
  const body = randomBytes(bytes);
  const request = {
    method: 'POST',
    url: `${url}/v1/uploads`,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/octet-stream' },
  };
  const sent = sendSlowly(request, body, restMs);
  await api.watch('POST of a slow upload', statusOf(sent.then((answer) => answer?.status)));
  const stored = await sent;
  if (stored?.status !== 201) return;
  const { sha256 } = JSON.parse(stored.text) as UploadResource;
  if (sha256 !== createHash('sha256').update(body).digest('hex'))
    api.fail('a slow upload was stored wrong');
}

/** A broken connection is an answer of its own here. */
async function statusOf(sent: Promise<number | undefined>): Promise<{ status: number }> {
  return { status: (await sent) ?? 0 };
}

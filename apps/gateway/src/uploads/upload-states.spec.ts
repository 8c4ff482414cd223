import { afterCheck } from './check/after-check.js';
import type { Examination } from './check/examine-upload.js';
import { needsCheck } from './check/needs-check.js';
import { describeState } from './describe-state.js';
import { newUpload } from './new-upload.js';
import type { Upload } from './upload.entity.js';
import { whenWhole } from './when-whole.js';

const times = { UPLOAD_EXPIRES_HOURS: 1, UPLOAD_RETENTION_DAYS: 10 };
const now = new Date('2026-01-01T00:00:00Z');

describe(whenWhole, () => {
  const sha256 = '0'.repeat(64);

  it.each([
    ['hashed on its way', { kind: 'whole', sha256, refusal: undefined }, 'off', 'ready', false],
    ['not hashed', { kind: 'whole', sha256: null, refusal: undefined }, 'off', 'received', true],
    ['to be scanned', { kind: 'whole', sha256, refusal: undefined }, 'required', 'scanning', true],
    [
      'to be scanned if possible',
      { kind: 'whole', sha256, refusal: undefined },
      'best_effort',
      'scanning',
      true,
    ],
    [
      'not what it says',
      { kind: 'whole', sha256, refusal: 'It is a PDF.' },
      'required',
      'rejected',
      false,
    ],
    ['a part', { kind: 'part', sha256: null, refusal: undefined }, 'required', 'received', false],
    [
      'put together',
      { kind: 'assembled', sha256: null, refusal: undefined },
      'off',
      'received',
      true,
    ],
  ] as const)(
    'makes a file that is %s, under the policy %j %j, %s',
    (_, whole, policy, state, check) => {
      expect(whenWhole(whole, policy)).toMatchObject({ fields: { state }, needsCheck: check });
    },
  );
});

describe(afterCheck, () => {
  const upload = anUpload({ state: 'scanning' });

  it('is ready and kept for its time when nothing was found', () => {
    expect(
      afterCheck(upload, found({ verdict: { verdict: 'clean' } }), {
        policy: 'best_effort',
        times,
        now,
      }),
    ).toMatchObject({
      state: 'ready',
      sha256: 'abc',
      scanStatus: 'clean',
      scanEngine: 'ClamAV 1',
      scannedAt: now,
      expiresAt: new Date('2026-01-11T00:00:00Z'),
    });
  });

  it('says that it was not scanned when the scanner was away', () => {
    const after = afterCheck(
      upload,
      found({ verdict: { verdict: 'unavailable', reason: 'away' } }),
      { policy: 'best_effort', times, now },
    );

    expect(after).toMatchObject({ state: 'ready', scanStatus: 'not_scanned' });
  });

  it('is in quarantine without an end when something was found, also after it was ready', () => {
    const verdict = { verdict: 'infected', signature: 'Eicar' } as const;
    const after = afterCheck(anUpload({ state: 'ready' }), found({ verdict }), {
      policy: 'best_effort',
      times,
      now,
    });

    expect(after).toMatchObject({ state: 'quarantined', scanSignature: 'Eicar', expiresAt: null });
  });

  it('keeps its time when it is scanned later', () => {
    const expiresAt = new Date('2026-01-02T00:00:00Z');
    const ready = anUpload({ state: 'ready', scanStatus: 'not_scanned', expiresAt });

    expect(
      afterCheck(ready, found({ verdict: { verdict: 'clean' } }), {
        policy: 'best_effort',
        times,
        now,
      }),
    ).toMatchObject({
      scanStatus: 'clean',
      expiresAt,
    });
  });

  it('is rejected when it is too large to be scanned and has to be, else it says so', () => {
    const tooLarge = found({ verdict: { verdict: 'too-large', reason: 'limit' } });

    expect(afterCheck(upload, tooLarge, { policy: 'required', times, now })).toMatchObject({
      state: 'rejected',
      scanStatus: 'too_large',
      problemDetail: expect.stringContaining('larger than the virus scanner looks into'),
    });
    expect(afterCheck(upload, tooLarge, { policy: 'best_effort', times, now })).toMatchObject({
      state: 'ready',
      scanStatus: 'too_large',
    });
  });

  it('is rejected when it is not what it says', () => {
    const after = afterCheck(upload, found({ refusal: 'It is a PDF.' }), {
      policy: 'best_effort',
      times,
      now,
    });

    expect(after).toMatchObject({ state: 'rejected', problemDetail: 'It is a PDF.' });
  });
});

describe(needsCheck, () => {
  it.each<[Partial<Upload>, 'off' | 'required', boolean]>([
    [{ state: 'received' }, 'off', true],
    [{ state: 'received', kind: 'part' }, 'off', false],
    [{ state: 'received', deletedAt: now }, 'off', false],
    [{ state: 'scanning' }, 'required', true],
    [{ state: 'ready', scanStatus: 'not_scanned' }, 'required', true],
    [{ state: 'ready', scanStatus: 'not_scanned' }, 'off', false],
    [{ state: 'ready', scanStatus: 'clean' }, 'required', false],
    [{ state: 'quarantined', scanStatus: 'infected' }, 'required', false],
  ])('answers for %j under the policy %s: %s', (fields, policy, answer) => {
    expect(needsCheck(anUpload(fields), policy)).toBe(answer);
  });
});

describe(describeState, () => {
  it.each<[Partial<Upload>, string]>([
    [
      { state: 'receiving', size: 1000, received: 400 },
      'The upload is still receiving: 40 % has come.',
    ],
    [
      { state: 'receiving', size: 1000, received: 999 },
      'The upload is still receiving: 99 % has come.',
    ],
    [
      { state: 'receiving', received: 1234 },
      'The upload is still receiving: so far 1,234 bytes have come.',
    ],
    [
      { state: 'quarantined', scanSignature: 'Eicar' },
      'The upload is in quarantine: the virus scanner found Eicar in it.',
    ],
  ])('says of %j: %s', (fields, sentence) => {
    expect(describeState(anUpload(fields))).toBe(sentence);
  });
});

function anUpload(fields: Partial<Upload>): Upload {
  return newUpload({ tenantId: 't', fileName: 'a', declaredType: null, kind: 'whole', ...fields });
}

function found(fields: Partial<Examination>): Examination {
  return {
    detected: { type: 'text/csv', family: 'text', words: 'a table in text' },
    refusal: undefined,
    sha256: 'abc',
    verdict: undefined,
    engine: 'ClamAV 1',
    ...fields,
  };
}

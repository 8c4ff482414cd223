import { s3AddressOf } from './s3-address.js';
import { unfitOr } from './s3-errors.js';

const named = (name: string): Error => Object.assign(new Error(name), { name });

describe(unfitOr.name, () => {
  const address = s3AddressOf('s3://files?region=eu-west-1');

  it('says what to do about a bucket that is missing and credentials that are refused', () => {
    expect(unfitOr(named('NoSuchBucket'), address)).toMatchObject({
      code: 'storage.unfit',
      message: expect.stringContaining('no bucket “files”. Make it'),
    });
    expect(unfitOr(named('SignatureDoesNotMatch'), address)).toMatchObject({
      code: 'storage.unfit',
      message: expect.stringContaining('Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'),
    });
  });

  it('leaves alone what waiting may help', () => {
    const away = named('TimeoutError');

    expect(unfitOr(away, address)).toBe(away);
  });
});

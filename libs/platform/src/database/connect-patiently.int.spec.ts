import { workerDatabase } from '@offload/testing';
import { connectPatiently } from './connect-patiently.js';

describe(connectPatiently.name, () => {
  it('says at once when the password is wrong', async () => {
    expect(await connect((url) => (url.password = 'wrong'))).toMatch(
      /refuses the user “.*Give the right user and password in DATABASE_URL/,
    );
  });

  it('says at once when there is no such database', async () => {
    expect(await connect((url) => (url.pathname = '/nowhere'))).toMatch(
      /has no database “nowhere”\. Name another one in DATABASE_URL, or make it/,
    );
  });
});

const connect = async (change: (url: URL) => void): Promise<string> => {
  const url = new URL(await workerDatabase());
  change(url);
  const said: string[] = [];
  const failing = connectPatiently({ type: 'postgres', url: url.href }, (words) =>
    said.push(words),
  );
  const error = await failing.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  // What waiting does not help is not waited for.
  expect(said).toEqual([]);
  return error?.message ?? 'connected';
};

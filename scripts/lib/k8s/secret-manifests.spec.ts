import { parseAllDocuments } from 'yaml';
import { secretContract } from './secret-contract.mts';
import { secretManifests } from './secret-manifests.mts';

describe(secretManifests.name, () => {
  it('makes every Secret of the contract, but what others make', () => {
    const made = secretsOf({});

    for (const [name, stringData] of Object.entries(made)) {
      expect(Object.keys(stringData).toSorted()).toEqual(
        Object.keys(secretContract[name] ?? {}).toSorted(),
      );
    }
    expect(Object.keys(secretContract).filter((name) => !(name in made))).toEqual([
      'offload-backup',
      'offload-tls',
    ]);
  });

  it('gives the owner and the broker the passwords that their addresses have', () => {
    const {
      'offload-database': database,
      'offload-database-owner': owner,
      'offload-broker': broker,
    } = secretsOf({});

    expect(new URL(database?.['admin-url'] ?? '').password).toBe(owner?.['password']);
    const { password } = new URL(broker?.['url'] ?? '');
    expect(new URL(broker?.['management-url'] ?? '').password).toBe(password);
    expect(broker?.['default_user.conf']).toBe(
      `default_user = offload\ndefault_pass = ${password}\n`,
    );
  });

  it('takes a relay and a storage that are given', () => {
    const made = secretsOf({ SMTP_URL: 'smtps://relay.example.org', AWS_ACCESS_KEY_ID: 'mine' });

    expect(made['offload-mail']?.['smtp-url']).toBe('smtps://relay.example.org');
    expect(made['offload-storage']?.['access-key-id']).toBe('mine');
  });
});

function secretsOf(given: Record<string, string>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    parseAllDocuments(secretManifests(given)).map((document) => {
      const { metadata, stringData } = document.toJS() as {
        metadata: { name: string };
        stringData: Record<string, string>;
      };
      return [metadata.name, stringData];
    }),
  );
}

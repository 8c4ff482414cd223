import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FindingCode } from '@offload/contracts/http';
import { runbookOf } from './finding-store.js';

const repository = join(__dirname, '../../../../..');

describe(runbookOf.name, () => {
  it.each(FindingCode.options)('leads to a heading that is there: %s', (code) => {
    const [page = '', anchor] = runbookOf(code).split('#');

    const headings = readFileSync(join(repository, page), 'utf8').match(/^## .*$/gm);

    expect(headings).toContain(`## ${anchor}`);
  });
});

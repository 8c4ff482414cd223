import { CreateEmailRequest, CreateImportRequest, ListImportsQuery } from '@offload/contracts/http';
import { bodyPointer, queryPointer, validate, ValidationFailed } from './validate.js';

describe(validate, () => {
  it('names every wrong field with a JSON Pointer', () => {
    const failure = failureOf(() =>
      validate(CreateImportRequest, { upload_id: 'x', dataset: { name: 'Bad name' } }, bodyPointer),
    );

    expect(failure.code).toBe('validation_failed');
    expect(pointers(failure)).toEqual(['/upload_id', '/dataset/name']);
  });

  it('tells unknown fields, also inside', () => {
    const failure = failureOf(() =>
      validate(
        CreateImportRequest,
        { upload_id: anId, dataset: { name: 'people', colums: [] }, notfy: {} },
        bodyPointer,
      ),
    );

    expect(failure.code).toBe('unknown_field');
    expect(pointers(failure)).toEqual(['/dataset/colums', '/notfy']);
  });

  it('says which fields are missing', () => {
    const failure = failureOf(() => validate(CreateImportRequest, {}, bodyPointer));

    expect(failure.details['errors']).toEqual([
      { pointer: '/upload_id', code: 'required', detail: 'This field is required.' },
      { pointer: '/dataset', code: 'required', detail: 'This field is required.' },
    ]);
  });

  it('explains a union by the branch that was meant', () => {
    const failure = failureOf(() =>
      validate(
        CreateEmailRequest,
        { to: ['ada@example.org', 'nobody'], subject: 'x', text: '' },
        bodyPointer,
      ),
    );

    expect(failure.details['errors']).toEqual([
      { pointer: '/to/1', code: 'custom', detail: 'This is not an e-mail address.' },
    ]);
  });

  it('wants a text or an HTML body in an e-mail', () => {
    const failure = failureOf(() =>
      validate(CreateEmailRequest, { to: 'ada@example.org', subject: 'x' }, bodyPointer),
    );

    expect(failure.details['errors']).toMatchObject([{ pointer: '/text', code: 'required' }]);
  });

  it.each([
    [{ subject: 'Hi\r\nBcc: all@example.org' }, '/subject'],
    [{ to: 'ada@example.org\nBcc: all@example.org' }, '/to'],
    [{ headers: { 'X-Note': 'a\r\nBcc: all@example.org' } }, '/headers/X-Note'],
    [{ headers: { 'X-A: b\r\nBcc': 'all@example.org' } }, '/headers/X-A: b\r\nBcc'],
    [{ headers: { Bcc: 'all@example.org' } }, '/headers/Bcc'],
  ])('refuses the header injection %j', (fields, pointer) => {
    const mail = { to: 'ada@example.org', subject: 'x', text: 'x', ...fields };

    const failure = failureOf(() => validate(CreateEmailRequest, mail, bodyPointer));

    expect(new Set(pointers(failure))).toEqual(new Set([pointer]));
  });

  it.each([
    ['two columns of one name', ['a', 'a'], 1],
    ['a column named like ours', ['_id'], 0],
    ['a name too long for the database', ['é'.repeat(32)], 0],
  ])('refuses %s', (_, names, place) => {
    const columns = names.map((name) => ({ name, type: 'text', nullable: true }));
    const request = { upload_id: anId, dataset: { name: 'people', columns } };

    const failure = failureOf(() => validate(CreateImportRequest, request, bodyPointer));

    expect(pointers(failure)).toEqual([`/dataset/columns/${place}/name`]);
  });

  it.each(['a\0b', '\ud800'])('refuses %j, which no table can store', (text) => {
    const mail = { to: 'ada@example.org', subject: 'x', text };

    const failure = failureOf(() => validate(CreateEmailRequest, mail, bodyPointer));

    expect(failure.details['errors']).toMatchObject([{ pointer: '/text', code: 'invalid_text' }]);
  });

  it('takes emoji', () => {
    const mail = { to: 'ada@example.org', subject: 'x', text: '👍' };

    expect(validate(CreateEmailRequest, mail, bodyPointer)).toMatchObject({ text: '👍' });
  });

  it('reads queries and tells wrong ones by name', () => {
    expect(validate(ListImportsQuery, { limit: '5' }, queryPointer)).toEqual({ limit: 5 });

    const failure = failureOf(() => validate(ListImportsQuery, { limit: '101' }, queryPointer));
    expect(pointers(failure)).toEqual(['?limit']);
  });
});

describe(bodyPointer, () => {
  it('escapes as RFC 6901 says', () => {
    expect(bodyPointer(['a/b', 'm~n', 0])).toBe('/a~1b/m~0n/0');
  });
});

const anId = '0198d0e4-0000-7000-8000-000000000001';

function failureOf(act: () => unknown): ValidationFailed {
  try {
    act();
  } catch (error) {
    if (error instanceof ValidationFailed) return error;
    throw error;
  }
  throw new Error('It was valid.');
}

function pointers(failure: ValidationFailed): string[] {
  return (failure.details['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
}

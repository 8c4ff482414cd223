import { openApiDocument, problemCodesOf } from './openapi.js';
import { problems } from './problems.js';
import { routes } from './routes.js';

describe('the OpenAPI document', () => {
  const document = openApiDocument();
  const text = JSON.stringify(document);

  it('is OpenAPI 3.1 and the same every time', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(openApiDocument())).toBe(text);
  });

  it('refers only to what is in it', () => {
    const schemas = Object.keys(document.components?.schemas ?? {});
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];

    expect(references.length).toBeGreaterThan(10);
    for (const [, name = ''] of references) expect(schemas).toContain(name);
  });

  it('names each operation once', () => {
    const ids = routes.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has a parameter for every name in a path', () => {
    for (const { path, params = {} } of routes) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(params)).toEqual(named);
    }
  });

  it('tells what an idempotent route can answer', () => {
    const { post } = document.paths?.['/v1/imports'] ?? {};

    expect(Object.keys(post?.responses ?? {})).toEqual(
      expect.arrayContaining([
        '202',
        '400',
        '401',
        '403',
        '404',
        '409',
        '413',
        '415',
        '422',
        '503',
      ]),
    );
    expect(JSON.stringify(post?.parameters)).toContain('Idempotency-Key');
  });

  it('has a route for every problem but those of any request', () => {
    const told = new Set(routes.flatMap(problemCodesOf));

    expect(Object.keys(problems).filter((code) => !told.has(code as never))).toEqual([
      'bad_request',
    ]);
  });

  it('lets a public address be named', () => {
    expect(openApiDocument({ serverUrl: 'https://offload.example.org' }).servers).toEqual([
      { url: 'https://offload.example.org' },
    ]);
  });
});

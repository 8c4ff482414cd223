import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApiDocument, catalog } from '@offload/contracts';
import { openApiDocument } from '@offload/contracts/http';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** The published schemas use keywords and formats that Ajv does not know; what they demand is still checked. */
const lenient = { strict: false, validateFormats: false, validateSchema: false } as const;
const repository = join(__dirname, '../../..');

describe('the documents made from the contracts', () => {
  it('OpenAPI: fits the schema of version 3.1', () => {
    const schema = readJson(
      'node_modules/@seriousme/openapi-schema-validator/schemas/v3.1/schema.json',
    );
    const validate = new Ajv2020(lenient).compile(schema as object);

    const isValid = validate(openApiDocument());

    expect({ isValid, errors: validate.errors }).toEqual({ isValid: true, errors: null });
  });

  it('AsyncAPI: fits the schema of version 3.0', () => {
    const schema = readJson(
      'node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json',
    ) as object;
    const validate = new Ajv(lenient).compile(schema);

    const isValid = validate(asyncApiDocument(catalog, () => ['ingest.some-queue'], readExample));

    expect({ isValid, errors: validate.errors }).toEqual({ isValid: true, errors: null });
  });
});

function readExample(type: string): unknown {
  return readJson(`libs/contracts/examples/${type}.json`);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(repository, path), 'utf8'));
}

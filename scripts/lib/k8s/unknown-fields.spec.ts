import { Ajv } from 'ajv';
import { unknownFields, type Validate } from './unknown-fields.mts';

describe(unknownFields.name, () => {
  it('tells of fields that no schema has, at any depth', () => {
    const pod = { name: 'a', labels: {}, containers: [{ image: 'b', port: 1 }], nam: 'c' };

    expect(unknownFields(validate, pod)).toEqual(['nam', 'containers[0].port']);
  });

  it('lets maps and free-form objects have any keys', () => {
    const pod = { name: 'a', labels: { any: 'key' }, values: { any: { key: 1 } } };

    expect(unknownFields(validate, pod)).toEqual([]);
  });
});

const text = { type: 'string' };
const container = { type: 'object', properties: { image: text, ports: { type: 'array' } } };
const validate = new Ajv().compile({
  type: 'object',
  properties: {
    name: text,
    labels: { type: 'object', additionalProperties: text },
    values: { type: 'object' },
    containers: { type: 'array', items: container },
  },
}) as unknown as Validate;

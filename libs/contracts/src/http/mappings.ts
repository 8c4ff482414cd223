import { z } from 'zod';
import { Mapping, SourceOptions, ValueOptions } from '../ingest/import-options.js';
import { savedMappingProblems, tellProblems } from './import-rules.js';

const Name = z.string().trim().min(1).max(200).describe('For people; each once.');

export const CreateMappingRequest = z
  .strictObject({
    name: Name,
    mapping: Mapping,
    source: SourceOptions.optional().describe('How files of this kind are written.'),
    values: ValueOptions.optional(),
  })
  .superRefine(tellProblems(savedMappingProblems))
  .meta({ id: 'CreateMapping' });
export type CreateMappingRequest = z.output<typeof CreateMappingRequest>;

/** What is left out stays as it is. */
export const ChangeMappingRequest = z
  .strictObject({
    name: Name.optional(),
    mapping: Mapping.optional(),
    source: SourceOptions.optional(),
    values: ValueOptions.optional(),
  })
  .refine(
    (change) => Object.values(change).some((part) => part !== undefined),
    'Nothing to change: give `name`, `mapping`, `source` or `values`.',
  )
  .superRefine(tellProblems(savedMappingProblems))
  .meta({ id: 'ChangeMapping' });
export type ChangeMappingRequest = z.output<typeof ChangeMappingRequest>;

/** A mapping that imports can name. An import keeps what it was given: a later change is for later imports. */
export const MappingResource = z
  .object({
    id: z.uuid(),
    object: z.literal('mapping'),
    name: z.string(),
    mapping: Mapping,
    source: SourceOptions,
    values: ValueOptions,
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Mapping' });
export type MappingResource = z.output<typeof MappingResource>;

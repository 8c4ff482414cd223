import { z } from 'zod';
import { listOf, PageQuery } from '../lists.js';
import { ChangeMappingRequest, CreateMappingRequest, MappingResource } from '../mappings.js';
import type { Route } from '../route.js';

const tag = 'Mappings';
const path = '/v1/mappings';
const one = { tag, path: `${path}/{id}`, params: { id: z.uuid() } } as const;

export const mappingRoutes: Route[] = [
  {
    id: 'createMapping',
    method: 'post',
    path,
    tag,
    summary: 'Save a mapping, for imports to name',
    scope: 'imports:write',
    body: { 'application/json': CreateMappingRequest },
    isIdempotent: true,
    success: [
      {
        status: 201,
        description: 'It is saved.',
        schema: MappingResource,
        headers: { Location: 'The path of the mapping.' },
      },
    ],
    problems: ['name_taken'],
  },
  {
    id: 'listMappings',
    method: 'get',
    path,
    tag,
    summary: 'List saved mappings, the newest first',
    scope: 'imports:read',
    query: PageQuery,
    success: [{ status: 200, description: 'A page of mappings.', schema: listOf(MappingResource) }],
  },
  {
    ...one,
    id: 'getMapping',
    method: 'get',
    summary: 'Show a saved mapping',
    scope: 'imports:read',
    success: [{ status: 200, description: 'The mapping.', schema: MappingResource }],
  },
  {
    ...one,
    id: 'changeMapping',
    method: 'patch',
    summary: 'Change a saved mapping, for later imports',
    scope: 'imports:write',
    body: { 'application/json': ChangeMappingRequest },
    success: [{ status: 200, description: 'As it is now.', schema: MappingResource }],
    problems: ['name_taken'],
  },
  {
    ...one,
    id: 'deleteMapping',
    method: 'delete',
    summary: 'Delete a saved mapping; imports that named it keep what they were given',
    scope: 'imports:write',
    success: [{ status: 204, description: 'It is gone.' }],
  },
];

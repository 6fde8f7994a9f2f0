import type { z } from 'zod';
import {
  IDEMPOTENCY_KEY_HEADER,
  IDEMPOTENCY_KEY_LENGTH_MAX,
  type RequestHeader,
  type Route,
} from '../contract/door.ts';
import { eventIdField, holdIdField } from '../contract/fields.ts';
import { inlineSchema, type JsonSchema } from './component-schemas.ts';

const PATH_FIELDS: Readonly<Record<string, z.ZodType>> = { event: eventIdField, hold: holdIdField };

export function pathParameters(path: string): JsonSchema[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return names.map((name) => {
    const field = PATH_FIELDS[name];
    if (field === undefined) throw new Error(`no schema for path parameter ${name}`);
    return { name, in: 'path', required: true, schema: inlineSchema(field, 'input') };
  });
}

const REQUEST_HEADERS: Readonly<Record<RequestHeader, JsonSchema>> = {
  'If-Match': { type: 'string', description: 'An ETag that was seen, as in "3"' },
  'If-None-Match': { type: 'string', description: 'ETags of what the caller has' },
  [IDEMPOTENCY_KEY_HEADER]: {
    type: 'string',
    minLength: 1,
    maxLength: IDEMPOTENCY_KEY_LENGTH_MAX,
    pattern: '^[\\x20-\\x7e]+$',
    description: 'Names one intended change; sent again it is answered, not repeated',
  },
};

/** Query and headers of an operation. */
export function requestParameters(route: Route): JsonSchema[] {
  const query = Object.entries(route.query ?? {}).map(([name, field]) => ({
    name,
    in: 'query',
    required: false,
    schema: inlineSchema(field, 'input'),
  }));
  const headers = (route.requestHeaders ?? []).map((name) => {
    const { description, ...schema } = REQUEST_HEADERS[name];
    return { name, in: 'header', required: false, description, schema };
  });
  return [...query, ...headers];
}

/** A header of an answer. */
export function describeHeader(name: string): JsonSchema {
  return { required: true, schema: { type: 'string' }, description: `See ${name}.` };
}

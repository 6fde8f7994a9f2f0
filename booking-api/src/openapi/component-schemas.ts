import { z } from 'zod';
import { problemSchema, ROUTES, type Route } from '../contract/door.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The two sides of a schema differ where it has defaults or transforms. */
type Side = 'input' | 'output';

const PREFIX = '#/components/schemas/';

/** Every schema of the contract by the name it has in the document. */
const NAMES: ReadonlyMap<z.ZodType, string> = nameSchemas();

function nameSchemas(): Map<z.ZodType, string> {
  const names = new Map<z.ZodType, string>([[problemSchema, 'Problem']]);
  for (const [route, entry] of Object.entries<Route>(ROUTES)) {
    const title = route.charAt(0).toUpperCase() + route.slice(1);
    if (entry.body !== undefined && !names.has(entry.body)) names.set(entry.body, `${title}Body`);
    for (const [status, answer] of Object.entries(entry.answers)) {
      if (answer.schema === undefined || names.has(answer.schema)) continue;
      names.set(answer.schema, `${title}Answer${status}`);
    }
  }
  return names;
}

/** A reference to a schema of the contract. */
export function schemaRef(schema: z.ZodType, side: Side): JsonSchema {
  const name = NAMES.get(schema);
  return name === undefined ? inlineSchema(schema, side) : { $ref: `${PREFIX}${name}` };
}

/** A schema that stands where it is used. */
export function inlineSchema(schema: z.ZodType, side: Side): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: side });
  return rest;
}

export function componentSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of NAMES) registry.add(schema, { id });
  // Nothing in the contract has defaults or transforms, so one side stands for both; a test holds it.
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: (id) => `${PREFIX}${id}` });
  const named = Object.entries(schemas).map(([id, schema]) => {
    const { $schema: _, $id: __, ...rest } = schema;
    return [id, rest] as const;
  });
  return Object.fromEntries(named);
}

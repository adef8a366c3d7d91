/** Arguments marked `x-sensitive: true`: audit shows them hashed, and no refusal repeats them. */
import { isObject, member } from '../manifest/pointer.ts';
import type { JsonObject } from './project.ts';

/** JSON Pointers into the arguments, `*` standing for every item of a list. */
export function findSensitive(schema: JsonObject): readonly string[] {
  return [...new Set(collect(schema, ''))];
}

function* collect(schema: unknown, pointer: string): Generator<string> {
  if (!isObject(schema)) return;
  if (schema['x-sensitive'] === true && pointer !== '') yield pointer;
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  for (const [name, property] of properties) yield* collect(property, member(pointer, name));
  yield* collect(schema['items'], `${pointer}/*`);
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const parts: unknown = schema[keyword];
    if (Array.isArray(parts)) for (const part of parts) yield* collect(part, pointer);
  }
}

/** How long a text can be that a schema of the manifest is asked about, in characters. */
import type { PlacedSchema, RootSchema } from './json-schema.ts';
import { tokensOf } from './pointer.ts';
import { SCHEMA_DEFAULTS, type Manifest } from './schema.ts';

/** As long as a body may be: that of a call, or that of an upstream's answer. */
const LONGEST_CALL = 1_000_000;

/** Formats whose texts cannot be long, so that they get no cap. */
export const SHORT_FORMATS: ReadonlySet<string> = new Set(['uuid', 'date', 'time', 'date-time', 'ipv4', 'ipv6']);

/** What no bound holds: a property's name, for example. */
export function longestBody(root: RootSchema, { upstreams = {} }: Manifest): number {
  if (root.use === 'input') return LONGEST_CALL;
  return Math.max(LONGEST_CALL, ...Object.values(upstreams).map(({ maxResponseBytes }) => maxResponseBytes));
}

/** A validator runs a pattern or a format on no text that is longer than the `maxLength` beside it, be that its own or the cap. */
export function longestText({ schema, pointer }: PlacedSchema, root: RootSchema, manifest: Manifest): number {
  if (typeof schema === 'boolean') return 0;
  const { maxLength, minLength, type } = schema;
  const longest = longestBody(root, manifest);
  if (typeof maxLength === 'number') return Math.min(maxLength, longest);
  const isText = type === 'string' || (Array.isArray(type) && type.includes('string'));
  const isCapped = isText && !('enum' in schema || 'const' in schema || SHORT_FORMATS.has(String(schema['format'])));
  if (root.use !== 'input' || !isCapped || mayBeFixed(pointer, root)) return longest;
  const cap = manifest.defaults?.schema?.maxLength ?? SCHEMA_DEFAULTS.maxLength;
  return Math.min(typeof minLength === 'number' ? Math.max(minLength, cap) : cap, longest);
}

/** Below these a schema may keep what it is, without the caps: narrower there can be wider for the whole. */
const FIXED = new Set(['not', 'if', 'contains', 'propertyNames', 'oneOf']);

function mayBeFixed(pointer: string, root: RootSchema): boolean {
  if (tokensOf(pointer.slice(root.pointer.length)).some((token) => FIXED.has(token))) return true;
  return hasFixedReference(root.schema);
}

/** Whether anything below those refers to another place, which is then kept, too. */
function hasFixedReference(value: unknown, isFixed = false): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([keyword, child]: readonly [string, unknown]) =>
    isFixed && /^\$(?:ref|dynamicRef|recursiveRef)$/.test(keyword)
      ? true
      : hasFixedReference(child, isFixed || FIXED.has(keyword)),
  );
}

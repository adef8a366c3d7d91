/**
 * Hardens schemas: closes every object that does not say otherwise, and bounds what has no bound. The
 * result is what the model is shown and what is enforced; it accepts nothing that the original refuses.
 */
import { dialectOf, findRejectedDefaults } from '../../manifest/dialect.ts';
import { subschemas, type JsonSchema } from '../../manifest/json-schema.ts';
import { isObject, member } from '../../manifest/pointer.ts';
import type { JsonObject } from '../project.ts';
import { missingCaps, type Caps } from './caps.ts';
import { Composition, describesObject, type Keywords } from './composition.ts';

/** For arguments: bounded, closed, and without defaults that their own schema refuses. */
export function hardenInput(schema: JsonSchema, caps: Caps): JsonObject {
  return transform(schema, { caps, badDefaults: badDefaultsOf(schema) });
}

/** For results: closed where an object stands by itself, so that a result can be stripped to it. No caps. */
export function closeOutput(schema: JsonSchema): JsonObject {
  return transform(schema, { caps: undefined, badDefaults: new Set() });
}

interface Hardening {
  readonly caps: Caps | undefined;
  readonly badDefaults: ReadonlySet<string>;
}

/** Keywords below which nothing changes: bounding a condition would change when it applies. */
const CONDITIONS = new Set(['not', 'if', 'contains', 'propertyNames', 'const', 'enum', 'default', 'examples']);
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);

function transform(root: JsonSchema, hardening: Hardening): JsonObject {
  const composition = new Composition(root);
  const dialect = dialectOf(root) ?? '2020-12';
  const closesComposed = hardening.caps !== undefined;

  const visit = (value: unknown, pointer: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, member(pointer, index)));
    return isObject(value) ? harden(value, pointer) : value;
  };
  const harden = (schema: Keywords, pointer: string): Keywords => {
    const members = Object.entries(schema)
      .filter(([keyword]) => keyword !== 'default' || !hardening.badDefaults.has(pointer))
      .map(([keyword, value]) => [keyword, visitKeyword(keyword, value, member(pointer, keyword))] as const);
    const caps = hardening.caps === undefined ? {} : missingCaps(schema, hardening.caps);
    return close(Object.fromEntries([...members, ...Object.entries(caps)]), schema);
  };
  const visitKeyword = (keyword: string, value: unknown, pointer: string): unknown => {
    if (CONDITIONS.has(keyword)) return value;
    if (!NAMED.has(keyword) || !isObject(value)) return visit(value, pointer);
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, visit(child, member(pointer, name))]),
    );
  };
  /** Leaves parts alone, and objects that say themselves how open they are. */
  const close = (hardened: Keywords, schema: Keywords): Keywords => {
    if ('additionalProperties' in schema || 'unevaluatedProperties' in schema || composition.isPart(schema)) {
      return hardened;
    }
    if (composition.isComposed(schema) || composition.refersToPart(schema)) {
      if (!closesComposed) return hardened;
      const parts = [...composition.parts(schema)];
      return dialect === '2020-12' ? { ...hardened, unevaluatedProperties: false } : closeDraft7(hardened, parts);
    }
    return describesObject(schema) ? { ...hardened, additionalProperties: false } : hardened;
  };
  // A schema is an object by the loader's rules, and what is built from its JSON is JSON.
  return visit(root, '') as JsonObject;
}

/** Draft-07 has no unevaluatedProperties: the members of all parts are declared beside them instead. */
function closeDraft7(schema: Keywords, parts: readonly Keywords[]): Keywords {
  const properties = declareAll(schema, parts, 'properties');
  const patternProperties = declareAll(schema, parts, 'patternProperties');
  return { ...schema, ...properties, ...patternProperties, additionalProperties: false };
}

function declareAll(schema: Keywords, parts: readonly Keywords[], keyword: string): Keywords {
  const names = parts.flatMap((part) => Object.keys(isObject(part[keyword]) ? part[keyword] : {}));
  if (names.length === 0) return {};
  const own = Object.entries(isObject(schema[keyword]) ? schema[keyword] : {});
  return { [keyword]: Object.fromEntries([...names.map((name) => [name, true] as const), ...own]) };
}

function badDefaultsOf(schema: JsonSchema): ReadonlySet<string> {
  const root = { schema, pointer: '', use: 'input' as const };
  const places = [...subschemas(root)].filter(
    (place) => typeof place.schema === 'object' && Object.hasOwn(place.schema, 'default'),
  );
  const rejected = findRejectedDefaults(root, places, dialectOf(schema) ?? '2020-12');
  return new Set(rejected.map(({ pointer }) => pointer));
}

/**
 * Hardens schemas: closes every object that does not say otherwise, and bounds what has no bound. The
 * result is what the model is shown and what is enforced; it accepts nothing that the original refuses.
 */
import { dialectOf, findRejectedDefaults } from '../../manifest/dialect.ts';
import { subschemas, type JsonSchema } from '../../manifest/json-schema.ts';
import { isObject, member } from '../../manifest/pointer.ts';
import type { JsonObject } from '../project.ts';
import { missingCaps, type Caps } from './caps.ts';
import { ClosingPlan } from './closing.ts';
import { describesObject, type Keywords } from './composition.ts';
import { withPlainReferences } from './references.ts';

/** For arguments: bounded, closed, and without defaults that their own schema refuses. */
export function hardenInput(schema: JsonSchema, caps: Caps): JsonObject {
  return transform(schema, { caps, badDefaults: badDefaultsOf(schema) });
}

/** For results: closed where an object stands by itself, so that a result can be stripped to it. No caps. */
export function closeOutput(schema: JsonSchema): JsonObject {
  return transform(schema, { caps: undefined, badDefaults: new Set() });
}

interface Hardening {
  /** Absent for results. */
  readonly caps: Caps | undefined;
  readonly badDefaults: ReadonlySet<string>;
}

const DATA = new Set(['const', 'enum', 'default', 'examples']);
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);

function transform(original: JsonSchema, { caps, badDefaults }: Hardening): JsonObject {
  const root = withPlainReferences(unshare(original));
  const plan = new ClosingPlan(root, caps === undefined ? 'output' : 'input');
  const dialect = dialectOf(root) ?? '2020-12';

  const visit = (value: unknown, pointer: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, member(pointer, index)));
    return isObject(value) ? harden(value, pointer) : value;
  };
  const harden = (schema: Keywords, pointer: string): Keywords => {
    if (plan.isFixed(schema)) return schema;
    const members = Object.entries(schema)
      .filter(([keyword]) => keyword !== 'default' || !badDefaults.has(pointer))
      .map(([keyword, value]) => [keyword, visitKeyword(keyword, value, member(pointer, keyword))] as const);
    const bounds = caps === undefined ? {} : missingCaps(schema, caps);
    return close({ ...Object.fromEntries(members), ...bounds }, schema);
  };
  const visitKeyword = (keyword: string, value: unknown, pointer: string): unknown => {
    if (DATA.has(keyword)) return value;
    if (!NAMED.has(keyword) || !isObject(value)) return visit(value, pointer);
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, visit(child, member(pointer, name))]),
    );
  };
  const close = (hardened: Keywords, schema: Keywords): Keywords => {
    const closing = plan.closingOf(schema);
    if (closing.kind === 'none') return hardened;
    if (closing.kind === 'alone') return { ...hardened, additionalProperties: false };
    // A composed result is left open: removing a member that only one part names would refuse it to another.
    if (caps === undefined) return hardened;
    if (closing.kind === 'composed' && dialect === '2020-12') return { ...hardened, unevaluatedProperties: false };
    return closing.parts.some(isOpen)
      ? { maxProperties: caps.maxProperties, ...hardened }
      : declareMembers(hardened, closing.parts);
  };
  // A schema is an object by the loader's rules, and what is built from its JSON is JSON.
  return visit(root, '') as JsonObject;
}

/** Aliases of YAML make one object stand in several places, and what holds for one need not for another. */
function unshare(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

function isOpen({ additionalProperties = false, unevaluatedProperties = false }: Keywords): boolean {
  return additionalProperties !== false || unevaluatedProperties !== false;
}

/**
 * Closes a schema by declaring the members of its parts beside its own: for draft-07, which has no
 * `unevaluatedProperties`, and for parts that stand elsewhere, which that does not see.
 */
function declareMembers(schema: Keywords, parts: readonly Keywords[]): Keywords {
  const { $ref, ...siblings } = schema;
  const isReference = $ref !== undefined && !describesObject(schema);
  return {
    // Draft-07 ignores what stands beside a reference.
    ...(isReference ? { ...siblings, allOf: [{ $ref }] } : schema),
    ...declareAll(schema, parts, 'properties'),
    ...declareAll(schema, parts, 'patternProperties'),
    additionalProperties: false,
  };
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

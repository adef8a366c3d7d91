/** What an input schema says about one argument: whether it exists, is required, may be null or empty. */
import { isSchema, referenceTokens, type JsonSchema } from './json-schema.ts';
import { isObject, tokensOf, valueAt } from './pointer.ts';

export interface Argument {
  readonly isRequired: boolean;
  readonly mayBeNull: boolean;
  readonly mayBeEmpty: boolean;
}

export type ArgumentSearch =
  | { readonly found: Argument }
  /** `candidates`: the names that the innermost object does declare. */
  | { readonly found: undefined; readonly candidates: readonly string[] };

/** What a schema says about the argument at a JSON Pointer. References start at `root`. */
export function findArgument(schema: JsonSchema, pointer: string, root: JsonSchema = schema): ArgumentSearch {
  let here: readonly JsonSchema[] = [schema];
  let isRequired = true;
  for (const token of tokensOf(pointer)) {
    const all = here.flatMap((one) => conjuncts(one, root));
    const next = all.flatMap((one) => memberSchemas(one, token, root));
    if (next.length === 0) return { found: undefined, candidates: all.flatMap((one) => declaredNames(one, root)) };
    isRequired &&= all.some((one) => requires(one, token, root));
    here = next;
  }
  const all = here.flatMap((one) => conjuncts(one, root));
  return {
    found: {
      isRequired,
      mayBeNull: !all.some((one) => excludes(one, root, excludesNull)),
      mayBeEmpty: !all.some((one) => excludes(one, root, excludesEmpty)),
    },
  };
}

type Property = (schema: Readonly<Record<string, unknown>>) => boolean;

/** The schema itself and all that must hold together with it: `allOf` and the target of `$ref`. */
function conjuncts(schema: JsonSchema, root: JsonSchema, seen: readonly JsonSchema[] = []): JsonSchema[] {
  if (typeof schema === 'boolean' || seen.includes(schema)) return [];
  const target = typeof schema.$ref === 'string' ? resolveReference(root, schema.$ref) : undefined;
  const together = [...(target === undefined ? [] : [target]), ...schemaList(schema.allOf)];
  return [schema, ...together.flatMap((one) => conjuncts(one, root, [...seen, schema]))];
}

/** Whether a property follows from the schema: by itself, or because each of its alternatives has it. */
function excludes(schema: JsonSchema, root: JsonSchema, property: Property): boolean {
  if (typeof schema === 'boolean') return schema === false;
  if (property(schema)) return true;
  return alternatives(schema).some((options) =>
    options.every((option) => conjuncts(option, root).some((one) => excludes(one, root, property))),
  );
}

function requires(schema: JsonSchema, name: string, root: JsonSchema): boolean {
  const isListed: Property = ({ required, prefixItems, minItems }) =>
    (Array.isArray(required) && required.includes(name)) ||
    (Array.isArray(prefixItems) && typeof minItems === 'number' && Number(name) < minItems);
  return excludes(schema, root, isListed);
}

function memberSchemas(schema: JsonSchema, name: string, root: JsonSchema): JsonSchema[] {
  if (typeof schema === 'boolean') return [];
  const declared = valueAt(schema, ['properties', name]);
  if (isSchema(declared)) return [declared];
  const byPattern = Object.entries(isObject(schema.patternProperties) ? schema.patternProperties : {})
    .filter(([pattern]) => matches(pattern, name))
    .map(([, found]) => found)
    .filter(isSchema);
  if (byPattern.length > 0) return byPattern;
  const fromOptions = [...alternatives(schema).flat(), ...schemaList([schema.then, schema.else])].flatMap((option) =>
    conjuncts(option, root).flatMap((one) => memberSchemas(one, name, root)),
  );
  if (fromOptions.length > 0) return [{ anyOf: fromOptions }];
  if (/^\d+$/.test(name)) {
    const items = itemSchema(schema, Number(name));
    if (items !== undefined) return [items];
  }
  const open = schema.additionalProperties ?? schema.unevaluatedProperties;
  return open !== undefined && open !== false && isSchema(open) ? [open] : [];
}

function itemSchema(
  { prefixItems, items, additionalItems }: Readonly<Record<string, unknown>>,
  index: number,
): JsonSchema | undefined {
  const fixed = schemaList(prefixItems ?? items);
  const rest = Array.isArray(items) ? additionalItems : items;
  return fixed[index] ?? (isSchema(rest) ? rest : undefined);
}

function declaredNames(schema: JsonSchema, root: JsonSchema): string[] {
  if (typeof schema === 'boolean') return [];
  const own = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  const options = alternatives(schema).flat();
  return [...own, ...options.flatMap((option) => conjuncts(option, root).flatMap((one) => declaredNames(one, root)))];
}

function excludesNull(schema: Readonly<Record<string, unknown>>): boolean {
  const values = fixedValues(schema);
  if (values !== undefined) return !values.includes(null);
  return schema.type !== undefined && !types(schema).includes('null');
}

function excludesEmpty(schema: Readonly<Record<string, unknown>>): boolean {
  const values = fixedValues(schema);
  if (values !== undefined)
    return values.every((value) => value !== '' && JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}');
  return schema.type !== undefined && types(schema).every((type) => EXCLUDES_EMPTY[type]?.(schema) ?? true);
}

/** Formats that no empty text has. */
const FORMATS = new Set(
  'date date-time time duration email idn-email hostname idn-hostname ipv4 ipv6 uri iri uuid'.split(' '),
);

const EXCLUDES_EMPTY: Readonly<Record<string, Property>> = {
  string: ({ minLength, pattern, format }) =>
    atLeastOne(minLength) || (typeof pattern === 'string' && !matches(pattern, '')) || FORMATS.has(String(format)),
  array: ({ minItems }) => atLeastOne(minItems),
  object: ({ minProperties, required }) =>
    atLeastOne(minProperties) || (Array.isArray(required) && required.length > 0),
};

function atLeastOne(bound: unknown): boolean {
  return typeof bound === 'number' && bound >= 1;
}

function fixedValues({
  const: constant,
  enum: values,
}: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  if (constant !== undefined) return [constant];
  return Array.isArray(values) ? values : undefined;
}

function types({ type }: Readonly<Record<string, unknown>>): readonly string[] {
  return (Array.isArray(type) ? type : [type]).map(String);
}

function alternatives({ anyOf, oneOf }: Readonly<Record<string, unknown>>): JsonSchema[][] {
  return [schemaList(anyOf), schemaList(oneOf)].filter((options) => options.length > 0);
}

function schemaList(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    // The rule on patterns says what is wrong with it.
    return false;
  }
}

function resolveReference(root: JsonSchema, reference: string): JsonSchema | undefined {
  const tokens = referenceTokens(reference);
  const target = tokens && valueAt(root, tokens);
  return isSchema(target) ? target : undefined;
}

/**
 * Compiles schemas with Ajv, at generation time: to a JavaScript module for the project, which compiles
 * nothing itself, and to functions for checking samples here.
 */
import { createRequire } from 'node:module';

import { _, Ajv, type Options, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';

import { dialectOf } from '../manifest/dialect.ts';
import type { JsonSchema } from '../manifest/json-schema.ts';
import { isObject } from '../manifest/pointer.ts';
import { boundTexts } from './bounded-text.ts';
import { Composition } from './hardening/composition.ts';
import { withPlainReferences } from './hardening/references.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** Keywords whose values are data, and those whose values are schemas by name. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'required']);
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);

/** Keywords that change nothing about what is accepted, and those to which only Ajv gives a meaning. */
const IGNORED = new Set([
  '$async',
  'nullable',
  'id',
  'title',
  'description',
  'examples',
  '$comment',
  'deprecated',
  'readOnly',
  'writeOnly',
  'x-sensitive',
]);

/** What a compiled schema is for. Only arguments get defaults, only results lose what the schema does not name. */
export type ValidatorUse = 'input' | 'output' | 'condition';

export interface CompiledSchema {
  /** True where the value fits; `errors` then tells what does not. */
  readonly validate: ValidateFunction;
  /** The body of a function of `module` that assigns the validator to `module.exports`. */
  readonly source: string;
}

/** A compiled condition, under the name by which the tool's declaration refers to it. */
export type NamedCondition = readonly [name: string, condition: CompiledSchema];

/** The functions that Ajv's code calls, by the name under which the kernel exports them. */
const RUNTIME = { ucs2length: 'ajv/dist/runtime/ucs2length', deepEqual: 'ajv/dist/runtime/equal' } as const;

nameRuntimeFunctions();

/** Ajv writes `code` where it calls one of its own functions; the default is a `require` of Ajv itself. */
function nameRuntimeFunctions(): void {
  const require = createRequire(import.meta.url);
  for (const [name, path] of Object.entries(RUNTIME)) {
    const loaded: { readonly default: { code: string } } = require(path);
    loaded.default.code = name;
  }
}

/** Compiles one schema. A fresh instance each: names in the code would else depend on what came before. */
export function compileSchema(schema: JsonSchema, use: ValidatorUse): CompiledSchema {
  const Dialect = dialectOf(schema) === 'draft-07' ? Ajv : Ajv2020;
  const ajv = new Dialect({ ...OPTIONS, useDefaults: use === 'input', removeAdditional: use === 'output' });
  addFormats.default(ajv, { mode: 'full', keywords: false });
  boundTexts(ajv);
  const validate = ajv.compile(asCompiled(schema, use));
  return { validate, source: standaloneCode.default(ajv, validate) };
}

const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  ownProperties: true,
  messages: false,
  unicodeRegExp: true,
  validateFormats: true,
  // The loader has validated every schema against its dialect.
  meta: false,
  validateSchema: false,
  logger: false,
  code: { source: true, lines: true, formats: _`formats` },
};

/** The module of a tool's validators. */
export function validatorsModule(parts: {
  readonly input: CompiledSchema;
  readonly output: CompiledSchema | undefined;
  readonly conditions: readonly NamedCondition[];
}): string {
  const { input, output, conditions } = parts;
  const sources = [input, ...(output === undefined ? [] : [output]), ...conditions.map(([, condition]) => condition)];
  const blocks = [
    importRuntime(sources.map(({ source }) => source).join('\n')),
    `export const input = ${asExpression(input)};`,
    ...(output === undefined ? [] : [`export const output = ${asExpression(output)};`]),
    ...(conditions.length === 0 ? [] : [`export const conditions = {\n${conditions.map(asMember).join('\n')}\n};`]),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const asExpression = ({ source }: CompiledSchema): string =>
  `((module) => {\n${source.trim()}\nreturn module.exports;\n})({})`;

const asMember = ([name, condition]: readonly [string, CompiledSchema]): string =>
  `${name}: ${asExpression(condition)},`;

/** Ajv names what it calls on lines of their own; no text of a schema can start a line. */
function importRuntime(source: string): string {
  const names = ['deepEqual', 'formats', 'ucs2length'].filter((name) =>
    new RegExp(`^const \\w+ = ${name}(;|\\.|\\[)`, 'm').test(source),
  );
  return names.length === 0 ? '' : `import { ${names.join(', ')} } from '../../kernel/json-schema/runtime.ts';`;
}

/**
 * Without what would make Ajv look elsewhere, without what only people read, and with `__proto__` where Ajv does
 * not overlook it.
 */
function asCompiled(schema: JsonSchema, use: ValidatorUse): object {
  if (typeof schema === 'boolean') return schema ? {} : { not: {} };
  const { $schema: _dialect, $id: _id, ...rest } = withPlainReferences(schema) as Keywords; // an object stays one
  const composition = new Composition(rest);
  const starts = composition
    .all()
    .flatMap((one) => (use === 'output' ? composition.tentativeOrPart(one) : composition.tentative(one)));
  return rewriteSchema(rest, { use, tentative: composition.reach(starts) });
}

interface Rewriting {
  readonly use: ValidatorUse;
  /** Schemas that may fail while the whole succeeds: what they change of a value would stay changed. */
  readonly tentative: ReadonlySet<Keywords>;
}

function rewriteSchema(schema: Keywords, rewriting: Rewriting): Keywords {
  const members = Object.entries(schema)
    .filter(([keyword]) => !IGNORED.has(keyword))
    .map(([keyword, value]) => [keyword, rewriteKeyword(keyword, value, rewriting)] as const);
  const rewritten = moveProto(withoutEmptyEnum(Object.fromEntries(members)));
  return rewriting.tentative.has(schema) ? withoutEffects(rewritten, rewriting.use) : rewritten;
}

/** Ajv fills defaults in, and strips members, also of what it only tries and then gives up. */
function withoutEffects(schema: Keywords, use: ValidatorUse): Keywords {
  const { default: _default, ...rest } = schema;
  // Refuses the same members as `false` does, which Ajv would strip.
  return use === 'output' && rest['additionalProperties'] === false
    ? { ...rest, additionalProperties: { not: {} } }
    : rest;
}

function rewriteKeyword(keyword: string, value: unknown, rewriting: Rewriting): unknown {
  if (DATA.has(keyword)) return value;
  const rewrite = (item: unknown): unknown => (isObject(item) ? rewriteSchema(item, rewriting) : item);
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isObject(value)) return value;
  if (!NAMED.has(keyword)) return rewriteSchema(value, rewriting);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rewrite(item)] as const));
}

/** Nothing is in an empty list, which Ajv does not take. */
function withoutEmptyEnum(schema: Keywords): Keywords {
  const { enum: values, ...rest } = schema;
  return Array.isArray(values) && values.length === 0 ? { ...rest, not: {} } : schema;
}

/** Ajv skips a property of this name. As a pattern it is a property like any other. */
function moveProto(schema: Keywords): Keywords {
  const { properties, patternProperties } = schema;
  if (!isObject(properties) || !Object.hasOwn(properties, '__proto__')) return schema;
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== '__proto__')),
    patternProperties: {
      ...(isObject(patternProperties) ? patternProperties : {}),
      '^__proto__$': properties['__proto__'],
    },
  };
}

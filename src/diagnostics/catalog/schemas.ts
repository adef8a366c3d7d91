/** JSON Schemas inside the manifest. */
import { entry } from './entry.ts';
import { didYouMean, quote } from './words.ts';

/** How the time grows that a pattern may take. */
type PatternGrowth =
  | { readonly kind: 'exponential' }
  | { readonly kind: 'polynomial'; readonly degree: number }
  | { readonly kind: 'undecided'; readonly reason: string };

export const SCHEMAS = {
  'input-schema-not-object': entry<Record<never, never>>({
    severity: 'error',
    stage: 'manifest',
    message: () => 'The root of "inputSchema" must have "type: object".',
    why: 'MCP passes arguments as an object, and clients refuse tools that say otherwise.',
    fix: () => 'Add "type: object"; put a single value into a property.',
    example: 'inputSchema: { type: object, properties: {} }',
  }),
  'schema-dialect': entry<{ readonly dialect: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ dialect }) => `The JSON Schema dialect ${quote(dialect)} is not supported.`,
    why: 'The same keyword means different things in different dialects.',
    fix: () =>
      'Use 2020-12 (the default, without "$schema") or draft-07 ("$schema": "http://json-schema.org/draft-07/schema#").',
    example: '$schema: https://json-schema.org/draft/2020-12/schema',
  }),
  'schema-header': entry<Record<never, never>>({
    severity: 'error',
    stage: 'manifest',
    message: () => '"x-mcp-header" would have clients repeat this argument in an HTTP header, which is not supported.',
    why:
      'Proxies route by such a header and write it to their logs, while the argument is what takes effect: a server that ' +
      'has them has to compare the two in every call, and sensitive values leave the body.',
    fix: () =>
      'Leave it out. Where a gateway has to know the tool, clients of 2026-07-28 send Mcp-Method and Mcp-Name.',
    example: 'region: { type: string, enum: [eu, us] }',
  }),
  'schema-invalid': entry<{ readonly problem: string; readonly dialect: '2020-12' | 'draft-07' }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ problem, dialect }) => `This is no valid JSON Schema (${dialect}): ${problem}.`,
    why: 'A keyword that is not understood checks nothing.',
    fix: () => 'Correct the keyword; in draft-04 schemas "exclusiveMinimum: true" became a number.',
    example: 'amount: { type: integer, exclusiveMinimum: 0 }',
  }),
  'schema-ref-external': entry<{ readonly ref: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ ref }) => `The reference ${quote(ref)} leaves the schema.`,
    why: 'What is fetched from elsewhere can change without anybody seeing it.',
    fix: () => 'Copy the definition into "$defs" and refer to it with "#/$defs/…".',
    example: '$ref: "#/$defs/address"',
  }),
  'schema-ref-unresolved': entry<{ readonly ref: string; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ ref, suggestion }) => `The reference ${quote(ref)} leads nowhere.${didYouMean(suggestion)}`,
    why: 'A schema that is not there checks nothing.',
    fix: () => 'Correct the reference, or add the definition. It starts at the root of this schema.',
    example: '$ref: "#/$defs/address"',
  }),
  'schema-pattern-invalid': entry<{ readonly pattern: string; readonly reason: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ pattern, reason }) => `${quote(pattern)} is no valid regular expression: ${reason}.`,
    why: 'Patterns are compiled with the "u" flag, as JSON Schema asks.',
    fix: () => 'Escape only what needs it: with "u", \\- and \\_ are errors, and \\p{L} works.',
    example: "pattern: '^inv_[a-z0-9-]{8,24}$'",
  }),
  'schema-pattern-unsafe': entry<{
    readonly pattern: string;
    /** Of the texts that it is run on, in characters. */
    readonly longest: number;
    readonly growth: PatternGrowth;
  }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ pattern, longest, growth }) => `${quote(pattern)} ${describeGrowth(growth, longest)}.`,
    why:
      'A pattern goes back and tries what else may match, and while it does, the server answers nobody. ' +
      'One call could so stop it. Nothing else is checked before this is right, as that would run the pattern.',
    fix: () =>
      'Let each text match in one way only: no repetition in a repetition without something fixed between, no two ' +
      'repetitions of the same characters next to each other. Start with ^, or bound the text by a smaller "maxLength".',
    example: "slug: { type: string, pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$', maxLength: 100 }",
  }),
  'schema-required-undeclared': entry<{ readonly property: string; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ property, suggestion }) =>
      `The property ${quote(property)} is required but not declared, so no value is ever valid.${didYouMean(suggestion)}`,
    why: 'Objects are closed: undeclared properties are refused, and this one is demanded.',
    fix: () => 'Declare it in "properties", or remove it from "required".',
    example: 'required: [invoice_id]\nproperties: { invoice_id: { type: string } }',
  }),
  'schema-default-rejected': entry<{ readonly value: string; readonly problem: string }>({
    severity: 'warning',
    stage: 'manifest',
    message: ({ value, problem }) => `The default ${value} is refused by its own schema: it ${problem}.`,
    why: 'A call that leaves the argument out would always fail. The default is dropped from the generated schema.',
    fix: () => 'Correct the default, or remove it.',
    example: 'limit: { type: integer, default: 20 }',
  }),
};

function describeGrowth(growth: PatternGrowth, longest: number): string {
  const length = `${longest.toLocaleString('en-US')} characters`;
  switch (growth.kind) {
    case 'exponential':
      return 'can take time that doubles with each further character';
    case 'polynomial':
      return growth.degree === 1
        ? `is run on texts of up to ${length}, which is too long for it`
        : `can take time that grows with the length to the power of ${growth.degree}, on texts of up to ${length}`;
    case 'undecided':
      return `may take too long on texts of up to ${length}; that cannot be ruled out, since ${growth.reason}`;
  }
}

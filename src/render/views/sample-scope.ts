/**
 * What expressions come to in a generated test, for the arguments of a sample. `UNKNOWN` where that is decided
 * only when the server runs; `undefined` where there is no value, so that the member is left out.
 */
import type { Expression, TextTemplate, ValueTemplate } from '../../manifest/expressions.ts';
import type { Json, JsonObject } from '../../model/project.ts';

/** The caller of the generated tests, as `caller.ts` of their harness has it. */
const SUBJECT = 'tester';
const TENANT = 'generated-test';

export const UNKNOWN = Symbol('decided when the server runs');
export type Unknown = typeof UNKNOWN;

export function sampleExpression(expression: Expression, args: JsonObject): Json | Unknown | undefined {
  switch (expression.from) {
    case 'args':
      return valueAt(args, expression.pointer);
    case 'principal.subject':
      return SUBJECT;
    case 'principal.tenant':
      return TENANT;
    default:
      return UNKNOWN;
  }
}

/** Strings as they are, anything else as JSON, a missing value as nothing. */
export function sampleText(text: TextTemplate, args: JsonObject): string | Unknown {
  let rendered = '';
  for (const part of text) {
    const value = typeof part === 'string' ? part : sampleExpression(part, args);
    if (value === UNKNOWN) return UNKNOWN;
    if (value !== undefined) rendered += typeof value === 'string' ? value : JSON.stringify(value);
  }
  return rendered;
}

export function sampleValue(template: ValueTemplate, args: JsonObject): Json | Unknown | undefined {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return sampleExpression(template.expression, args);
    case 'text':
      return sampleText(template.text, args);
    case 'array': {
      const items = template.items.map((item) => sampleValue(item, args));
      return items.every(isKnown) ? items.filter((item) => item !== undefined) : UNKNOWN;
    }
    case 'object': {
      const members = template.members.map(([name, member]) => [name, sampleValue(member, args)] as const);
      if (!members.every((member) => isKnown(member[1]))) return UNKNOWN;
      return Object.fromEntries(members.filter(hasValue));
    }
  }
}

function isKnown(value: Json | Unknown | undefined): value is Json | undefined {
  return value !== UNKNOWN;
}

function hasValue(member: readonly [string, Json | Unknown | undefined]): member is readonly [string, Json] {
  return member[1] !== undefined && member[1] !== UNKNOWN;
}

/** The value at a JSON Pointer, of own members alone. */
function valueAt(value: Json, pointer: string): Json | undefined {
  let current: Json | undefined = value;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as JsonObject)[name];
  }
  return current;
}

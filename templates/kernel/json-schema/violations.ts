/** From Ajv's errors to what a caller is told: which field, which rule, what is allowed, what was got. Bounded. */
import type { Violation } from '../failure.ts';
import { isJsonObject, pointerOf, pointerTokens, valueAt, type JsonObject, type JsonValue } from '../json.ts';
import { isSensitive } from '../sensitive.ts';
import type { ValidatorError } from '../tool.ts';
import { ucs2length } from './runtime.ts';

const MOST_VIOLATIONS = 20;
const MOST_CHOICES = 50;
const LONGEST_TEXT = 100;

/** Rules whose error stands at the object although it is about one of its members; the parameter names it. */
const NAMED_MEMBER: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  dependencies: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};

/** Where Ajv puts what a rule allows, unless in a parameter named as the rule is. */
const ALLOWED = ['allowedValues', 'allowedValue', 'limit'];

/** At most 20, each fault once; values of sensitive fields (JSON Pointers) are never repeated. */
export function toViolations(
  errors: readonly ValidatorError[],
  { args, sensitive }: { readonly args: JsonObject; readonly sensitive: readonly string[] },
): Violation[] {
  const violations = new Map<string, Violation>();
  for (const error of errors) {
    const violation = toViolation(error, args, sensitive);
    const fault = `${violation.rule} ${violation.field}`;
    if (!violations.has(fault)) violations.set(fault, violation);
    if (violations.size === MOST_VIOLATIONS) break;
  }
  return [...violations.values()];
}

function toViolation(error: ValidatorError, args: JsonObject, sensitive: readonly string[]): Violation {
  const field = fieldOf(error);
  const allowed = allowedBy(error);
  const value = valueAt(args, field);
  const got = isSensitive(field, value, sensitive) ? undefined : gotBy(error.keyword, value);
  return {
    field,
    rule: error.keyword,
    ...(allowed === undefined ? {} : { allowed }),
    ...(got === undefined ? {} : { got }),
  };
}

function fieldOf({ instancePath, keyword, params, propertyName }: ValidatorError): string {
  const parameter = NAMED_MEMBER[keyword];
  const member = parameter === undefined ? propertyName : params[parameter];
  return typeof member === 'string' ? pointerOf([...pointerTokens(instancePath), member]) : instancePath;
}

function allowedBy({ keyword, params }: ValidatorError): JsonValue | undefined {
  const parameter = [keyword, ...ALLOWED].find((name) => Object.hasOwn(params, name));
  if (parameter === undefined) return undefined;
  const allowed = params[parameter];
  // What a schema allows is JSON, because the schema is.
  return Array.isArray(allowed) ? allowed.slice(0, MOST_CHOICES) : (allowed as JsonValue | undefined);
}

/** What is shown of a value: its size where the rule is about size, else itself if it is short. */
function gotBy(rule: string, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return rule.endsWith('Length') ? ucs2length(value) : shorten(value);
  if (Array.isArray(value)) return rule.endsWith('Items') ? value.length : 'array';
  if (isJsonObject(value)) return rule.endsWith('Properties') ? Object.keys(value).length : 'object';
  return value;
}

function shorten(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).toWellFormed()}…`;
}

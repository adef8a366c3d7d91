/** Samples that the tests of a write's guards need: arguments that a person has to agree to, another key, answers of upstreams. */
import { isObject, tokensOf } from '../../manifest/pointer.ts';
import type { IdempotencyModel } from '../guards.ts';
import type { FoundSample, Json, JsonObject } from '../project.ts';
import { acceptedValue, argumentsThatDiffer, keyMembers } from './samples.ts';
import { findAccepted, tryOut, type Accepts } from './search.ts';

/** Accepted arguments that a condition accepts, too. */
export function argumentsThatMatch(
  schema: JsonObject,
  accepted: readonly JsonObject[],
  about: { readonly condition: JsonObject | boolean; readonly validate: Accepts; readonly holds: Accepts },
): JsonObject | undefined {
  const { condition, validate, holds } = about;
  const given = accepted.find((sample) => holds(sample) === true);
  if (given !== undefined || typeof condition === 'boolean') return given;
  const accepts = both(validate, holds);
  const found = (['full', 'required'] as const)
    .map((fullness) => findAccepted({ ...schema, allOf: [...listOf(schema['allOf']), condition] }, fullness, accepts))
    .find((sample) => sample !== undefined);
  return isObject(found) ? (found as JsonObject) : undefined;
}

function both(first: Accepts, second: Accepts): Accepts {
  const accepts = (value: unknown): boolean => {
    const refusing = [first, second].find((one) => one(value) !== true);
    accepts.errors = refusing?.errors;
    return refusing === undefined;
  };
  accepts.errors = first.errors;
  return accepts;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Accepted arguments that mean another effect; `undefined` where the key is not made of arguments. */
export function otherKeyArguments(
  schema: JsonObject,
  accepted: JsonObject,
  about: { readonly idempotency: IdempotencyModel; readonly validate: Accepts },
): JsonObject | undefined {
  const members = keyMembers(about.idempotency) ?? new Set(Object.keys(accepted));
  return argumentsThatDiffer(schema, accepted, {
    names: Object.keys(accepted).filter((name) => members.has(name)),
    validate: about.validate,
  });
}

/** An answer that shows the effect, and holds a result; `undefined` where none could be made. */
export function foundSample(about: {
  readonly found: JsonObject | boolean;
  readonly holds: Accepts;
  /** JSON Pointer of the result in the body. */
  readonly resultAt: string;
  readonly result: Json;
  /** Strips a result to the output schema; absent: any result will do. */
  readonly output: Accepts | undefined;
}): FoundSample | undefined {
  const { holds, resultAt, result, output } = about;
  const draft = acceptedValue(about.found, holds) ?? {};
  const candidates = [
    placeAt(draft, tokensOf(resultAt), result),
    draft,
    ...(isObject(draft) && isObject(result) && resultAt === '' ? [{ ...result, ...draft } as JsonObject] : []),
  ];
  for (const body of candidates) {
    const inner = valueAt(body, tokensOf(resultAt));
    const shaped = inner === undefined || output === undefined ? inner : tryOut(inner, output);
    if (shaped !== undefined && holds(structuredClone(body)) === true) return { body, result: shaped };
  }
  return undefined;
}

/** The value with another one at a place; lists and objects on the way are made where they are missing. */
export function placeAt(value: Json | undefined, [token, ...rest]: readonly string[], inner: Json): Json {
  if (token === undefined) return inner;
  if (Array.isArray(value) || (value === undefined && token === '0')) {
    const items: readonly Json[] = Array.isArray(value) ? value : [];
    return Object.assign([...items], { [Number(token)]: placeAt(items[Number(token)], rest, inner) });
  }
  const members = isObject(value) ? (value as JsonObject) : {};
  return { ...members, [token]: placeAt(members[token], rest, inner) };
}

function valueAt(value: Json | undefined, tokens: readonly string[]): Json | undefined {
  let current = value;
  for (const token of tokens) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token)) return undefined;
    current = (current as JsonObject)[token];
  }
  return current;
}

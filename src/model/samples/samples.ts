/** Arguments, results and bodies for the generated tests; all of them were run through their validators. */
import { isObject } from '../../manifest/pointer.ts';
import type { IdempotencyModel, Json, JsonObject } from '../project.ts';
import { SampleBuilder, type Fullness } from './accepted.ts';

/** Whether a value is accepted; may fill in defaults and remove superfluous members. */
export type Accepts = (value: unknown) => unknown;

/** How many alternatives of a union are tried before giving up. */
const CHOICES = [0, 1, 2, 3, 4, 5];

/** Arguments that are accepted, with their defaults filled in: the fullest first, then the required alone. */
export function acceptedArguments(schema: JsonObject, validate: Accepts): readonly JsonObject[] {
  const found = (['full', 'required'] as const).flatMap((fullness) => {
    const first = firstValid(candidates(schema, fullness), validate);
    return isObject(first) ? [first as JsonObject] : [];
  });
  return found.filter((sample, index) => index === 0 || !isSame(sample, found[0]));
}

/** A value that the schema accepts; `undefined` where none could be made. */
export function acceptedValue(schema: JsonObject | boolean, validate: Accepts): Json | undefined {
  if (typeof schema === 'boolean') return schema ? {} : undefined;
  return firstValid([...candidates(schema, 'full'), ...candidates(schema, 'required')], validate);
}

function candidates(schema: JsonObject, fullness: Fullness): readonly Json[] {
  const examples = fullness === 'full' && Array.isArray(schema['examples']) ? (schema['examples'] as Json[]) : [];
  const withoutExamples = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== 'examples'));
  return [...examples, ...CHOICES.map((choice) => new SampleBuilder(withoutExamples, { fullness, choice }).build())];
}

function firstValid(values: readonly Json[], validate: Accepts): Json | undefined {
  for (const value of values) {
    // Defaults are filled in, and superfluous members removed, in place.
    const copy = structuredClone(value);
    if (validate(copy) === true) return copy;
  }
  return undefined;
}

/** Other arguments under the same key; `undefined` where every argument is part of the key. */
export function sameKeyArguments(
  schema: JsonObject,
  accepted: JsonObject,
  about: { readonly idempotency: IdempotencyModel; readonly validate: Accepts },
): JsonObject | undefined {
  const fixed = keyMembers(about.idempotency);
  if (fixed === undefined) return undefined;
  const others = CHOICES.map((choice) => new SampleBuilder(schema, { fullness: 'full', choice }).build());
  for (const name of Object.keys(accepted).filter((member) => !fixed.has(member))) {
    const values = [...others.map((other) => (isObject(other) ? other[name] : undefined)), ...variants(accepted[name])];
    for (const value of [...values, undefined]) {
      const changed = withMember(accepted, name, value as Json | undefined);
      if (about.validate(changed) === true && !isSame(changed, accepted)) return changed;
    }
  }
  return undefined;
}

/** The arguments that stay, for the key to stay the same; `undefined` where the key is all of them. */
function keyMembers(idempotency: IdempotencyModel): ReadonlySet<string> | undefined {
  switch (idempotency.strategy) {
    case 'natural':
      return undefined;
    case 'caller-key':
      return new Set(['idempotency_key']);
    case 'derived-key': {
      const { occurrence } = idempotency;
      const argument = occurrence !== undefined && 'argument' in occurrence ? [occurrence.argument] : [];
      const pointers = [...idempotency.key, ...argument].map((expression) =>
        expression.from === 'args' ? expression.pointer : '/',
      );
      return new Set(pointers.map((pointer) => pointer.split('/')[1] ?? ''));
    }
  }
}

function variants(value: Json | undefined): readonly Json[] {
  if (typeof value === 'number') return [value + 1, value - 1, value * 2];
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string') return [`${value}2`, `2${value}`, value.slice(1)];
  return [];
}

function withMember(args: JsonObject, name: string, value: Json | undefined): JsonObject {
  const members = Object.entries(structuredClone(args)).flatMap(([member, old]) => {
    if (member !== name) return [[member, old] as const];
    return value === undefined ? [] : [[member, value] as const];
  });
  return Object.fromEntries(members);
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

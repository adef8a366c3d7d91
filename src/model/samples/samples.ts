/** Arguments, results and bodies for the generated tests; all of them were run through their validators. */
import { isObject } from '../../manifest/pointer.ts';
import type { IdempotencyModel } from '../guards.ts';
import type { Json, JsonObject } from '../project.ts';
import { buildDraft } from './draft.ts';
import { findAccepted, tryOut, type Accepts } from './search.ts';

/** How many options of every part are looked at for arguments that differ. */
const CHOICES = [0, 1, 2, 3, 4, 5];

const UNREPAIRED = { picks: new Map<string, number>(), included: new Set<string>(), omitted: new Set<string>() };

/** Arguments that are accepted, with their defaults filled in: the fullest first, then the required alone. */
export function acceptedArguments(schema: JsonObject, accepts: Accepts): readonly JsonObject[] {
  const found = [fullSample(schema, accepts), findAccepted(withoutExamples(schema), 'required', accepts)];
  const samples = found.filter((sample): sample is JsonObject => isObject(sample));
  return samples.filter((sample, index) => index === 0 || !isSame(sample, samples[0]));
}

/** A value that the schema accepts; `undefined` where none could be made. */
export function acceptedValue(schema: JsonObject | boolean, accepts: Accepts): Json | undefined {
  if (typeof schema === 'boolean') return schema ? {} : undefined;
  return fullSample(schema, accepts) ?? findAccepted(withoutExamples(schema), 'required', accepts);
}

/** The author's examples come before anything made up. */
function fullSample(schema: JsonObject, accepts: Accepts): Json | undefined {
  const examples = Array.isArray(schema['examples']) ? (schema['examples'] as readonly Json[]) : [];
  for (const example of examples) {
    const accepted = tryOut(example, accepts);
    if (accepted !== undefined) return accepted;
  }
  return findAccepted(withoutExamples(schema), 'full', accepts);
}

function withoutExamples(schema: JsonObject): JsonObject {
  const { examples: _examples, ...rest } = schema;
  return rest;
}

/** Other arguments under the same key; `undefined` where every argument is part of the key. */
export function sameKeyArguments(
  schema: JsonObject,
  accepted: JsonObject,
  about: { readonly idempotency: IdempotencyModel; readonly validate: Accepts },
): JsonObject | undefined {
  const fixed = keyMembers(about.idempotency);
  if (fixed === undefined) return undefined;
  const names = Object.keys(accepted).filter((member) => !fixed.has(member));
  return argumentsThatDiffer(schema, accepted, { names, validate: about.validate });
}

/** Accepted arguments that differ in one of these members; `undefined` where none could be made. */
export function argumentsThatDiffer(
  schema: JsonObject,
  accepted: JsonObject,
  { names, validate }: { readonly names: readonly string[]; readonly validate: Accepts },
): JsonObject | undefined {
  const others = CHOICES.map((choice) => buildDraft(schema, { ...UNREPAIRED, fullness: 'full', choice }).value);
  for (const name of names) {
    const values = [...others.map((other) => (isObject(other) ? other[name] : undefined)), ...variants(accepted[name])];
    for (const value of [...values, undefined]) {
      const changed = withMember(accepted, name, value as Json | undefined);
      if (validate(changed) === true && !isSame(changed, accepted)) return changed;
    }
  }
  return undefined;
}

/** The arguments that stay, for the key to stay the same; `undefined` where the key is all of them. */
export function keyMembers(idempotency: IdempotencyModel): ReadonlySet<string> | undefined {
  switch (idempotency.strategy) {
    case 'natural':
      return undefined;
    case 'caller-key':
      return new Set(['idempotency_key']);
    case 'derived-key':
    case 'read-before-write': {
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

/** Arguments that the schema rejects, one per rule; each was run through the tool's own validator. */
import type { ErrorObject, ValidateFunction } from 'ajv';

import { member, tokensOf } from '../../manifest/pointer.ts';
import { Composition } from '../hardening/composition.ts';
import type { Json, JsonObject, RejectedSample } from '../project.ts';
import { mutationsOf, type Mutation } from './mutations.ts';

/** The most rejections of one tool: a reader has to bear them. */
const MOST = 40;

export function rejectedSamples(
  schema: JsonObject,
  accepted: JsonObject,
  validate: ValidateFunction,
): readonly RejectedSample[] {
  const samples = new Map<string, RejectedSample>();
  for (const mutation of mutationsOf(schema, accepted, { path: [], composition: new Composition(schema) })) {
    if (samples.size === MOST) break;
    const id = `${mutation.rule} ${mutation.field}`;
    if (samples.has(id)) continue;
    const args = mutate(accepted, mutation.path, mutation);
    if (isRejectedFor(mutation, args, validate)) samples.set(id, sampleOf(mutation, args));
  }
  return withUniqueTitles([...samples.values()]);
}

function sampleOf({ title, field, rule }: Mutation, args: JsonObject): RejectedSample {
  return { title, arguments: args, field, rule };
}

/** The value with the mutation carried out at the end of the path. */
function mutate(value: Json, path: readonly string[], mutation: Mutation): JsonObject {
  const change = (current: Json | undefined, [name, ...rest]: readonly string[]): Json | undefined => {
    if (name === undefined) return mutation.value;
    if (Array.isArray(current)) {
      return current.map((item, index) => (String(index) === name ? (change(item, rest) ?? null) : item));
    }
    const members = Object.entries((current ?? {}) as JsonObject);
    const old = members.find(([known]) => known === name)?.[1];
    const next = change(old, rest);
    const others = members.filter(([known]) => known !== name);
    return Object.fromEntries(next === undefined ? others : [...others, [name, next]]);
  };
  return change(value, path) as JsonObject; // the root is the arguments, and stays an object
}

function isRejectedFor({ field, rule }: Mutation, args: JsonObject, validate: ValidateFunction): boolean {
  // The validator fills defaults in where it is called.
  if (validate(structuredClone(args)) === true) return false;
  // What the kernel tells a caller is bounded, so the rule has to be among the first.
  return (validate.errors ?? []).slice(0, 20).some((error) => error.keyword === rule && fieldOf(error) === field);
}

/** The field that the kernel names: the member itself where the rule stands at its object. */
function fieldOf({ instancePath, params, propertyName }: ErrorObject): string {
  const { missingProperty, additionalProperty, unevaluatedProperty } = params;
  const name: unknown =
    missingProperty ?? additionalProperty ?? unevaluatedProperty ?? params.propertyName ?? propertyName;
  return typeof name === 'string' ? member('', ...tokensOf(instancePath), name) : instancePath;
}

function withUniqueTitles(samples: readonly RejectedSample[]): readonly RejectedSample[] {
  const seen = new Map<string, number>();
  return samples.map((sample) => {
    const count = (seen.get(sample.title) ?? 0) + 1;
    seen.set(sample.title, count);
    return count === 1 ? sample : { ...sample, title: `${sample.title} (${count})` };
  });
}

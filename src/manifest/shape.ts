/** Checks a manifest against its zod schema and says what is wrong in the manifest's own words. */
import { z } from 'zod';

import { list } from '../diagnostics/catalog/words.ts';
import { describeExpected, describeValue } from './describe.ts';
import { finding, type Finding } from './finding.ts';
import { isObject, member, valueAt } from './pointer.ts';
import { manifestSchema, type Manifest } from './schema.ts';
import { knownKeys, meantOption, schemaAt, type Path } from './shape-walk.ts';
import { suggestion } from './suggest.ts';

export interface CheckedShape {
  readonly manifest: Manifest | undefined;
  readonly findings: readonly Finding[];
}

/** Parses what a manifest's text said. */
export function checkShape(value: unknown): CheckedShape {
  const result = manifestSchema.safeParse(value);
  if (!result.success) {
    const findings = result.error.issues.flatMap((issue) => explain(value, issue, []));
    return { manifest: undefined, findings };
  }
  const findings = findDroppedMembers(value, result.data, '');
  return { manifest: findings.length === 0 ? result.data : undefined, findings };
}

function explain(root: unknown, issue: z.core.$ZodIssue, base: Path): Finding[] {
  const path = [...base, ...issue.path].map(String);
  const pointer = member('', ...path);
  const value = valueAt(root, path);
  if (value === undefined && path.length > 0) return [explainMissing(root, path, issue)];
  switch (issue.code) {
    case 'invalid_type':
      return [explainType(root, path)];
    case 'invalid_value':
      return [explainChoice(pointer, value, issue.values.map(String))];
    case 'unrecognized_keys': {
      const known = knownKeys(schemaAt(manifestSchema, root, path), value);
      return issue.keys.map((key) => explainUnknownKey(pointer, key, { known, present: Object.keys(value ?? {}) }));
    }
    case 'too_small':
      return [explainRange(pointer, value, { origin: issue.origin, bound: 'least', limit: Number(issue.minimum) })];
    case 'too_big':
      return [explainRange(pointer, value, { origin: issue.origin, bound: 'most', limit: Number(issue.maximum) })];
    case 'invalid_union':
      return explainUnion(root, issue, path);
    case 'invalid_key':
      return issue.issues.map(({ message }) =>
        finding('wrong-format', pointer, { got: describeValue(path.at(-1)), rule: message }, 'key'),
      );
    default:
      return [finding('wrong-format', pointer, { got: describeValue(value), rule: issue.message })];
  }
}

function explainMissing(root: unknown, path: readonly string[], issue: z.core.$ZodIssue): Finding {
  const field = path.at(-1) ?? '';
  const isDiscriminator = issue.code === 'invalid_union' && issue.errors.length === 0;
  const schema = schemaAt(manifestSchema, root, path);
  const expected = isDiscriminator
    ? list(discriminatorsAt(root, path))
    : schema === undefined
      ? 'a value'
      : describeExpected(schema);
  return finding('missing-field', member('', ...path.slice(0, -1)), { field, expected });
}

function explainType(root: unknown, path: readonly string[]): Finding {
  const schema = schemaAt(manifestSchema, root, path);
  const expected = schema === undefined ? 'something else' : describeExpected(schema);
  return finding('wrong-type', member('', ...path), { expected, got: describeValue(valueAt(root, path)) });
}

function explainChoice(pointer: string, value: unknown, valid: readonly string[]): Finding {
  const near = typeof value === 'string' && !valid.includes(value) ? suggestion(value, valid) : {};
  return finding('not-one-of', pointer, { got: describeValue(value), valid, ...near });
}

function explainUnknownKey(
  pointer: string,
  key: string,
  { known, present }: { readonly known: readonly string[]; readonly present: readonly string[] },
): Finding {
  const near = suggestion(key, known);
  // A key that is there already was not meant a second time.
  const hint = near.suggestion !== undefined && present.includes(near.suggestion) ? {} : near;
  return finding('unknown-key', member(pointer, key), { key, known, ...hint }, 'key');
}

function explainRange(
  pointer: string,
  value: unknown,
  range: { readonly origin: string; readonly bound: 'least' | 'most'; readonly limit: number },
): Finding {
  const { bound, limit } = range;
  if (typeof value === 'string')
    return finding('out-of-range', pointer, { what: 'length', bound, limit, got: String(value.length) });
  if (Array.isArray(value)) {
    return finding('out-of-range', pointer, { what: 'number of entries', bound, limit, got: String(value.length) });
  }
  return finding('out-of-range', pointer, { what: 'value', bound, limit, got: describeValue(value) });
}

function explainUnion(root: unknown, issue: z.core.$ZodIssueInvalidUnion, path: readonly string[]): Finding[] {
  const pointer = member('', ...path);
  const value = valueAt(root, path);
  if (issue.discriminator !== undefined && issue.errors.length === 0) {
    return [explainChoice(pointer, value, discriminatorsAt(root, path))];
  }
  const union = schemaAt(manifestSchema, root, path);
  if (!(union instanceof z.ZodUnion)) return [explainType(root, path)];
  const option = meantOption(union.options, value);
  const issues = option === undefined ? undefined : issue.errors[union.options.indexOf(option)];
  if (issues !== undefined) return issues.flatMap((inner) => explain(root, inner, path));
  const words = union.options.flatMap((one) => (one instanceof z.ZodLiteral ? [...one.values].map(String) : []));
  return typeof value === 'string' && words.length > 0
    ? [
        explainChoice(
          pointer,
          value,
          union.options.map((one) => describeAlternative(one)),
        ),
      ]
    : [explainType(root, path)];
}

function describeAlternative(option: z.core.$ZodType): string {
  return option instanceof z.ZodLiteral ? [...option.values].map(String).join() : describeExpected(option);
}

/** What tells the alternatives of the union one level up apart. */
function discriminatorsAt(root: unknown, path: readonly string[]): string[] {
  const union = schemaAt(manifestSchema, root, path.slice(0, -1));
  const options = union instanceof z.ZodUnion ? union.options : [];
  return options.flatMap((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[path.at(-1) ?? ''] : undefined;
    return literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
  });
}

/** Members named `__proto__`, which zod leaves out of maps without a word. */
function findDroppedMembers(raw: unknown, parsed: unknown, pointer: string): Finding[] {
  if (Array.isArray(raw) && Array.isArray(parsed)) {
    return raw.flatMap((item, index) => findDroppedMembers(item, parsed[index], member(pointer, index)));
  }
  if (!isObject(raw) || !isObject(parsed) || raw === parsed) return [];
  return Object.entries(raw).flatMap(([key, value]) =>
    Object.hasOwn(parsed, key)
      ? findDroppedMembers(value, parsed[key], member(pointer, key))
      : [explainUnknownKey(pointer, key, { known: [], present: [] })],
  );
}

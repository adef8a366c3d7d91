/** The errors that a tool may answer with: its own first, then those of its upstream. */
import { parseText } from '../manifest/expressions.ts';
import type { Manifest, ManifestErrorMapping, ManifestTool } from '../manifest/schema.ts';
import type { ErrorModel, JsonObject } from './project.ts';
import { readExpression } from './requests.ts';
import { acceptedValue } from './samples/samples.ts';
import { compileSchema, type NamedCondition } from './validators.ts';

export interface BuiltErrors {
  readonly errors: readonly ErrorModel[];
  readonly conditions: readonly NamedCondition[];
}

export function buildErrors(tool: ManifestTool, manifest: Manifest): BuiltErrors {
  const shared = tool.request === undefined ? undefined : manifest.upstreams?.[tool.request.upstream]?.errors;
  const earlier: EarlierCondition[] = [];
  const errors = [...(tool.errors ?? []), ...(shared ?? [])].map((mapping) => ({
    ...errorFacts(mapping),
    when: mapping.when === undefined ? undefined : buildWhen(mapping.when, earlier),
  }));
  return { errors, conditions: earlier.map(({ named }) => named) };
}

function errorFacts(mapping: ManifestErrorMapping): Omit<ErrorModel, 'when'> {
  return {
    code: mapping.code,
    category: mapping.category,
    message: parseText(mapping.message).value,
    suggestedAction: mapping.suggestedAction,
    retryAfter: mapping.retryAfter === undefined ? undefined : readExpression(mapping.retryAfter),
    executed: mapping.executed,
    terminal: mapping.terminal ?? false,
  };
}

/** A condition that is asked first: the first error that matches an answer wins. */
interface EarlierCondition {
  readonly status: readonly number[];
  readonly named: NamedCondition;
}

/** Adds the error's condition to the earlier ones. */
function buildWhen(
  when: NonNullable<ManifestErrorMapping['when']>,
  earlier: EarlierCondition[],
): NonNullable<ErrorModel['when']> {
  const status = Array.isArray(when.status) ? when.status : [when.status];
  if (when.body === undefined) return { status, condition: undefined, sampleBody: undefined };
  const condition = `condition${earlier.length + 1}`;
  const compiled = compileSchema(when.body, 'condition');
  const rivals = earlier.filter((other) => other.status.some((code) => status.includes(code)));
  const isOurs = (body: unknown): boolean => rivals.every(({ named: [, rival] }) => rival.validate(body) !== true);
  // A schema is JSON, because the manifest is.
  const sampleBody = acceptedValue(
    when.body as JsonObject | boolean,
    (body) => compiled.validate(body) === true && isOurs(body),
  );
  earlier.push({ status, named: [condition, compiled] });
  return { status, condition, sampleBody };
}

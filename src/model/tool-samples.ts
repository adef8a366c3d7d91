/** Samples for the generated tests of one tool, and which of them could not be made. */
import type { ManifestTool } from '../manifest/schema.ts';
import type { ErrorModel, FoundSample, JsonObject, SamplesModel } from './project.ts';
import { argumentsThatMatch, foundSample, otherKeyArguments } from './samples/guards.ts';
import { rejectedSamples } from './samples/rejected.ts';
import { acceptedArguments, acceptedValue, sameKeyArguments } from './samples/samples.ts';
import type { Accepts } from './samples/search.ts';
import type { BuiltGuards } from './tool-guards.ts';
import type { CompiledSchema } from './validators.ts';

export interface ToolSchemas {
  readonly input: JsonObject;
  readonly output: JsonObject | undefined;
}

export interface Built {
  readonly schemas: ToolSchemas;
  readonly compiled: { readonly input: CompiledSchema; readonly output: CompiledSchema | undefined };
  readonly guards: BuiltGuards;
}

export function buildSamples(tool: ManifestTool, { schemas, compiled, guards }: Built): SamplesModel {
  const { validate } = compiled.input;
  const accepted = acceptedArguments(schemas.input, validate);
  const [first] = accepted;
  const { idempotency } = guards.models;
  const result = compiled.output && schemas.output && acceptedValue(schemas.output, compiled.output.validate);
  const keyed = idempotency && { idempotency, validate };
  return {
    accepted,
    rejected: first === undefined ? [] : rejectedSamples(schemas.input, first, validate),
    result,
    sameKeyOtherArguments: first && keyed && sameKeyArguments(schemas.input, first, keyed),
    otherKeyArguments: first && keyed && otherKeyArguments(schemas.input, first, keyed),
    needingApproval: needingApproval(tool, accepted, { schemas, compiled, guards }),
    found: sampleFound(tool, result, { compiled, guards }),
  };
}

function needingApproval(
  { approval }: ManifestTool,
  accepted: readonly JsonObject[],
  { schemas, compiled, guards }: Built,
): JsonObject | undefined {
  if (approval === undefined || approval === 'none') return undefined;
  const holds = conditionOf(guards, guards.models.approval?.when);
  if (approval.when === undefined || holds === undefined) return accepted[0];
  // A schema is JSON, because the manifest is.
  const condition = approval.when as JsonObject | boolean;
  return argumentsThatMatch(schemas.input, accepted, { condition, holds, validate: compiled.input.validate });
}

/** What a tool without output schema returns in the tests. */
export const ANY_RESULT: JsonObject = { note: 'a result' };

function sampleFound(
  { idempotency }: ManifestTool,
  result: SamplesModel['result'],
  { compiled, guards }: Pick<Built, 'compiled' | 'guards'>,
): FoundSample | undefined {
  const model = guards.models.idempotency;
  const lookup = model === undefined || model.strategy === 'natural' ? undefined : model.lookup;
  const holds = conditionOf(guards, lookup?.found);
  if (idempotency?.lookup === undefined || lookup === undefined || holds === undefined) return undefined;
  const { from, ...source } = lookup.request.result ?? { from: 'response.body', pointer: '' };
  if (from !== 'response.body' || !('pointer' in source)) return undefined;
  return foundSample({
    found: idempotency.lookup.found as JsonObject | boolean,
    holds,
    resultAt: source.pointer,
    result: result ?? ANY_RESULT,
    output: compiled.output?.validate,
  });
}

function conditionOf({ conditions }: BuiltGuards, name: string | undefined): Accepts | undefined {
  return conditions.find(([one]) => one === name)?.[1].validate;
}

interface Missing {
  /** What no sample was found for. */
  readonly where: string;
  /** JSON Pointer within the tool. */
  readonly at: string;
}

export function missingSamples(about: {
  readonly samples: SamplesModel;
  readonly schemas: ToolSchemas;
  readonly errors: readonly ErrorModel[];
  readonly guards: BuiltGuards;
}): readonly Missing[] {
  const { samples, schemas, errors, guards } = about;
  const { approval, preconditions } = guards.models;
  const isMissing = [
    { is: samples.accepted.length === 0, where: 'the arguments', at: '/inputSchema' },
    { is: schemas.output !== undefined && samples.result === undefined, where: 'the result', at: '/outputSchema' },
    {
      is: approval?.when !== undefined && samples.accepted.length > 0 && samples.needingApproval === undefined,
      where: 'arguments that need an approval',
      at: '/approval/when',
    },
    ...errors.map(({ code, when }) => ({
      is: when?.condition !== undefined && when.sampleBody === undefined,
      where: `an answer that means ${code}, and no earlier error,`,
      at: '',
    })),
    ...preconditions.map(({ code, require }, index) => ({
      is: require.some((one) => 'matches' in one && one.sample === undefined),
      where: `an answer for which ${code} does not stand in the way`,
      at: `/preconditions/${index}`,
    })),
  ];
  return isMissing.filter(({ is }) => is).map(({ where, at }) => ({ where, at }));
}

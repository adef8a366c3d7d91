/** Builds the model of one tool. */
import { createDiagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { SCHEMA_DEFAULTS, type Manifest, type ManifestTool } from '../manifest/schema.ts';
import { buildApproval } from './approval.ts';
import { withCallerKey } from './caller-key.ts';
import { buildCaps } from './caps.ts';
import { buildErrors } from './errors.ts';
import { closeOutput, hardenInput } from './hardening/harden-schema.ts';
import { buildIdempotency, hintsOf } from './idempotency.ts';
import { buildPreconditions } from './preconditions.ts';
import type { JsonObject, SamplesModel, ToolModel, ToolNames } from './project.ts';
import { buildToolRequest } from './requests.ts';
import { rejectedSamples } from './samples/rejected.ts';
import { acceptedArguments, acceptedValue, sameKeyArguments } from './samples/samples.ts';
import { declareTypes } from './schema-types.ts';
import { findSensitive } from './sensitive.ts';
import { compileSchema, validatorsModule, type CompiledSchema, type NamedCondition } from './validators.ts';

export interface BuiltTool {
  readonly model: ToolModel;
  readonly diagnostics: readonly Diagnostic[];
}

/** `pointer` is the tool's place in the manifest. */
export async function buildTool(
  tool: ManifestTool,
  manifest: Manifest,
  { names, pointer }: { readonly names: ToolNames; readonly pointer: string },
): Promise<BuiltTool> {
  const schemas = buildSchemas(tool, manifest);
  const compiled = {
    input: compileSchema(schemas.input, 'input'),
    output: schemas.output === undefined ? undefined : compileSchema(schemas.output, 'output'),
  };
  const guards = buildGuards(tool);
  const { idempotency } = guards.models;
  const { errors, conditions } = buildErrors(tool, manifest);
  const samples = buildSamples(schemas, compiled, idempotency);
  const missing = [
    ...(samples.accepted.length === 0 ? [{ where: 'the arguments', at: '/inputSchema' }] : []),
    ...(schemas.output !== undefined && samples.result === undefined
      ? [{ where: 'the result', at: '/outputSchema' }]
      : []),
    ...errors
      .filter(({ when }) => when?.condition !== undefined && when.sampleBody === undefined)
      .map(({ code }) => ({ where: `an answer that means ${code}, and no earlier error,`, at: '' })),
  ];
  const model: ToolModel = {
    name: tool.name,
    names,
    kind: tool.request === undefined ? 'handler' : 'declared',
    title: tool.title ?? copiedTitle(tool),
    description: tool.description,
    mutability: tool.mutability,
    scopes: tool.scopes,
    roles: tool.roles ?? [],
    annotations: hintsOf(tool),
    // Both are JSON: they were parsed from the manifest's text.
    icons: tool.icons as readonly JsonObject[] | undefined,
    meta: tool._meta as JsonObject | undefined,
    inputSchema: schemas.input,
    outputSchema: schemas.output,
    sensitive: findSensitive(schemas.input),
    ...guards.models,
    request: buildToolRequest(tool),
    errors,
    typesSource: await declareTypes(names, schemas),
    validatorsSource: validatorsModule({ ...compiled, conditions: [...guards.conditions, ...conditions] }),
    samples,
  };
  const diagnostics = missing.map(({ where, at }) =>
    createDiagnostic('sample-not-found', { tool: tool.name, where }, { pointer: `${pointer}${at}` }),
  );
  return { model, diagnostics };
}

interface BuiltGuards {
  readonly models: Pick<ToolModel, 'idempotency' | 'approval' | 'caps' | 'preconditions'>;
  readonly conditions: readonly NamedCondition[];
}

function buildGuards(tool: ManifestTool): BuiltGuards {
  const repeats = tool.idempotency === undefined ? undefined : buildIdempotency(tool.idempotency);
  const consent = buildApproval(tool);
  const checks = buildPreconditions(tool);
  return {
    models: {
      idempotency: repeats?.idempotency,
      approval: consent.approval,
      caps: buildCaps(tool.limits),
      preconditions: checks.preconditions,
    },
    conditions: [...(repeats?.conditions ?? []), ...consent.conditions, ...checks.conditions],
  };
}

interface Schemas {
  readonly input: JsonObject;
  readonly output: JsonObject | undefined;
}

function buildSchemas(tool: ManifestTool, manifest: Manifest): Schemas {
  const caps = { ...SCHEMA_DEFAULTS, ...definedMembers(manifest.defaults?.schema ?? {}) };
  const hardened = hardenInput(tool.inputSchema, caps);
  return {
    input: tool.idempotency?.strategy === 'caller-key' ? withCallerKey(hardened) : hardened,
    output: tool.outputSchema === undefined ? undefined : closeOutput(tool.outputSchema),
  };
}

function definedMembers<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Members that are undefined are gone, so that what is left is defined.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function buildSamples(
  schemas: Schemas,
  compiled: { readonly input: CompiledSchema; readonly output: CompiledSchema | undefined },
  idempotency: ToolModel['idempotency'],
): SamplesModel {
  const { validate } = compiled.input;
  const accepted = acceptedArguments(schemas.input, validate);
  const [first] = accepted;
  return {
    accepted,
    rejected: first === undefined ? [] : rejectedSamples(schemas.input, first, validate),
    result: compiled.output && schemas.output && acceptedValue(schemas.output, compiled.output.validate),
    sameKeyOtherArguments:
      first === undefined || idempotency === undefined
        ? undefined
        : sameKeyArguments(schemas.input, first, { idempotency, validate }),
  };
}

/** A copied tool may carry its title as a hint. */
function copiedTitle({ annotations }: ManifestTool): string | undefined {
  const title = annotations?.['title'];
  return typeof title === 'string' && title !== '' ? title : undefined;
}

/** Builds the model of one tool. */
import { createDiagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { tenantReferences } from '../manifest/references.ts';
import { SCHEMA_DEFAULTS, type Manifest, type ManifestTool } from '../manifest/schema.ts';
import { findSensitive } from '../manifest/sensitive.ts';
import { withCallerKey } from './caller-key.ts';
import { buildErrors } from './errors.ts';
import { closeOutput, hardenInput } from './hardening/harden-schema.ts';
import { hintsOf } from './idempotency.ts';
import type { JsonObject, ToolModel, ToolNames } from './project.ts';
import { buildToolRequest } from './requests.ts';
import { declareTypes } from './schema-types.ts';
import { buildGuards } from './tool-guards.ts';
import { buildSamples, missingSamples, type ToolSchemas } from './tool-samples.ts';
import { compileSchema, validatorsModule } from './validators.ts';

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
  const { errors, conditions } = buildErrors(tool, manifest);
  const samples = buildSamples(tool, { schemas, compiled, guards });
  const missing = missingSamples({ samples, schemas, errors, guards });
  const model: ToolModel = {
    name: tool.name,
    names,
    kind: tool.request === undefined ? 'handler' : 'declared',
    title: tool.title ?? copiedTitle(tool),
    description: tool.description,
    mutability: tool.mutability,
    scopes: tool.scopes,
    roles: tool.roles ?? [],
    needsTenant: namesTenant(tool, manifest),
    upstreamScopes: tool.upstreamScopes,
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

function namesTenant(tool: ManifestTool, manifest: Manifest): boolean {
  return tenantReferences(manifest).some((reference) => reference.tool?.name === tool.name);
}

function buildSchemas(tool: ManifestTool, manifest: Manifest): ToolSchemas {
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

/** A copied tool may carry its title as a hint. */
function copiedTitle({ annotations }: ManifestTool): string | undefined {
  const title = annotations?.['title'];
  return typeof title === 'string' && title !== '' ? title : undefined;
}

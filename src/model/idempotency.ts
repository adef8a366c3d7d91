/** How a repeated call is recognised, what follows an unknown outcome, and the hints that follow for clients. */
import type { JsonSchema } from '../manifest/json-schema.ts';
import type { ManifestIdempotency, ManifestTool } from '../manifest/schema.ts';
import type { IdempotencyModel, LookupModel, OccurrenceModel, RecoveryModel, UpstreamKeyModel } from './guards.ts';
import type { AnnotationsModel } from './project.ts';
import { buildRequest, readExpression } from './requests.ts';
import { compileSchema, type NamedCondition } from './validators.ts';

export interface BuiltIdempotency {
  readonly idempotency: IdempotencyModel;
  readonly conditions: readonly NamedCondition[];
}

export function buildIdempotency(manifest: ManifestIdempotency): BuiltIdempotency {
  const { strategy, key = [], occurrence, lookup } = manifest;
  if (strategy === 'natural') return { idempotency: { strategy, recovery: 'send-again' }, conditions: [] };
  const recovery = buildRecovery(manifest);
  const idempotency: IdempotencyModel =
    strategy === 'caller-key'
      ? { strategy, ...recovery }
      : { strategy, key: key.map(readExpression), occurrence: buildOccurrence(occurrence), ...recovery };
  return {
    idempotency,
    conditions: lookup === undefined ? [] : [[FOUND, compileSchema(ofAnObject(lookup.found), 'condition')]],
  };
}

const FOUND = 'found';

/** `{ required: ['id'] }` accepts everything that is no object: an empty answer would prove an effect. */
function ofAnObject(schema: JsonSchema): JsonSchema {
  const speaksOfMembers = typeof schema === 'object' && ('properties' in schema || 'required' in schema);
  return speaksOfMembers && !('type' in schema) ? { ...schema, type: 'object' } : schema;
}

/** An upstream that recognises repeats comes first: it needs nobody's patience. */
function buildRecovery({ upstreamKey, lookup, recovery = 'quarantine' }: ManifestIdempotency): RecoveryModel {
  return {
    recovery: upstreamKey !== undefined ? 'resend' : lookup !== undefined ? 'look-up' : recovery,
    upstreamKey: upstreamKey && buildUpstreamKey(upstreamKey),
    lookup: lookup && buildLookup(lookup),
  };
}

function buildUpstreamKey(key: NonNullable<ManifestIdempotency['upstreamKey']>): UpstreamKeyModel {
  const retentionMs = key.retention;
  return 'header' in key
    ? { place: 'header', name: key.header, retentionMs }
    : { place: 'body', name: key.body, retentionMs };
}

function buildLookup({ request, result, settle }: NonNullable<ManifestIdempotency['lookup']>): LookupModel {
  return {
    request: buildRequest(request, result === undefined ? undefined : { result }),
    found: FOUND,
    settleMs: settle,
  };
}

function buildOccurrence(occurrence: ManifestIdempotency['occurrence']): OccurrenceModel | undefined {
  if (occurrence === undefined || occurrence === 'none') return undefined;
  return 'every' in occurrence
    ? { every: occurrence.every, timezone: occurrence.timezone }
    : { argument: readExpression(occurrence.argument) };
}

/** MCP's hints. They come from what the manifest says a tool does, never from hints that were copied with it. */
export function hintsOf(tool: ManifestTool): AnnotationsModel {
  const isReadOnly = tool.mutability === 'read-only';
  return {
    readOnlyHint: isReadOnly,
    destructiveHint: tool.mutability === 'destructive' || tool.mutability === 'irreversible',
    idempotentHint: isReadOnly || tool.idempotency?.strategy !== 'caller-key',
    openWorldHint: tool.openWorld ?? tool.request !== undefined,
  };
}

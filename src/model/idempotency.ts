/** How a repeated call is recognised, and the hints that follow for clients. */
import type { ManifestIdempotency, ManifestTool } from '../manifest/schema.ts';
import type { AnnotationsModel, IdempotencyModel } from './project.ts';
import { readExpression } from './requests.ts';

export function buildIdempotency(idempotency: ManifestIdempotency): IdempotencyModel {
  switch (idempotency.strategy) {
    case 'natural':
      return { strategy: 'natural', recovery: 'send-again' };
    case 'caller-key':
      return { strategy: 'caller-key', recovery: 'quarantine' };
    case 'derived-key':
      return {
        strategy: 'derived-key',
        key: (idempotency.key ?? []).map(readExpression),
        occurrence: buildOccurrence(idempotency.occurrence),
        recovery: 'quarantine',
      };
    case 'read-before-write':
      throw new Error('read-before-write is not built yet, and the loader says so before a model is built');
  }
}

function buildOccurrence(
  occurrence: ManifestIdempotency['occurrence'],
): Extract<IdempotencyModel, { strategy: 'derived-key' }>['occurrence'] {
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

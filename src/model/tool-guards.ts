/** Everything that guards a write of one tool, with the conditions that it is compiled from. */
import type { ManifestTool } from '../manifest/schema.ts';
import { buildApproval } from './approval.ts';
import { buildCaps } from './caps.ts';
import { buildIdempotency } from './idempotency.ts';
import { buildPreconditions } from './preconditions.ts';
import type { ToolModel } from './project.ts';
import type { NamedCondition } from './validators.ts';

export interface BuiltGuards {
  readonly models: Pick<ToolModel, 'idempotency' | 'approval' | 'caps' | 'preconditions'>;
  readonly conditions: readonly NamedCondition[];
}

export function buildGuards(tool: ManifestTool): BuiltGuards {
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

/** Who has to say yes before a call is executed. */
import type { ManifestTool } from '../manifest/schema.ts';
import type { ApprovalModel } from './guards.ts';
import { readText } from './requests.ts';
import { compileSchema, type NamedCondition } from './validators.ts';

export interface BuiltApproval {
  readonly approval: ApprovalModel | undefined;
  readonly conditions: readonly NamedCondition[];
}

const CONDITION = 'approval';

export function buildApproval({ approval }: ManifestTool): BuiltApproval {
  if (approval === undefined || approval === 'none') return { approval: undefined, conditions: [] };
  const { when, by, scope, expires, summary } = approval;
  return {
    approval: {
      when: when === undefined ? undefined : CONDITION,
      by,
      scope,
      expiresMs: expires,
      summary: readText(summary),
    },
    conditions: when === undefined ? [] : [[CONDITION, compileSchema(when, 'condition')]],
  };
}

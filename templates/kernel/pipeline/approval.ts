/** Step 8: whether a person has to say yes first, and what they read. Computed here, never by a model. */
import { renderMessage } from '../declared-error.ts';
import type { ApprovalRequest } from '../idempotency/claim.ts';
import type { JsonObject } from '../json.ts';
import type { CheckedCall } from './call.ts';
import { conditionOf } from './condition.ts';

/** `args`: what reaches the effect. */
export function approvalFor({ call, loaded, validators }: CheckedCall, args: JsonObject): ApprovalRequest | null {
  const { approval } = loaded.tool.policy;
  if (approval === undefined) return null;
  const { when, by, scope = null, summary, expiresMs } = approval;
  if (when !== undefined && !conditionOf(validators, when)(args)) return null;
  const text = renderMessage(summary, { args, principal: call.caller });
  return {
    by,
    scope,
    summary: text,
    expiresMs,
    consent: call.consent?.agreed === true ? call.consent.operationId : null,
  };
}

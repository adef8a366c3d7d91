/** What a call asks the store for: its key, and everything that the store decides by. */
import type { AfterUnknown, Claim } from '../idempotency/claim.ts';
import type { Asked } from '../idempotency/operation.ts';
import type { JsonObject } from '../json.ts';
import type { IdempotencyPolicy } from '../policy.ts';
import type { Settings } from '../settings.ts';
import type { Tool } from '../tool.ts';
import { approvalFor } from './approval.ts';
import { projectArguments } from './audit-arguments.ts';
import type { CheckedCall } from './call.ts';
import { capsOf } from './caps.ts';
import type { Effect } from './identify-effect.ts';

export function claimFor(checked: CheckedCall, policy: IdempotencyPolicy, effect: Effect): Claim {
  const { kernel, call, trail, loaded } = checked;
  const { tool } = loaded;
  return {
    id: trail.operationId,
    key: effect.key,
    fingerprint: effect.fingerprint,
    tool: tool.definition.name,
    subject: call.caller.subject,
    tenant: call.caller.tenant ?? null,
    asked: askedOf(tool, effect.args, kernel.settings),
    leaseMs: kernel.settings.leaseMs,
    afterUnknown: afterUnknown(policy, kernel.settings),
    approval: approvalFor(checked, effect),
    caps: capsOf(tool, call.caller, { realm: kernel.realm, allWrites: kernel.limits.writes }),
    irreversible: tool.policy.mutability === 'irreversible',
  };
}

const RESEND_MARGIN_MS = 5 * 60_000;
/** No request is longer on its way. */
const ARRIVAL_MS = 60_000;

/**
 * What is claimed in the last moment is sent within its call and its lease, and has to arrive before the upstream forgets
 * the key.
 */
export function afterUnknown(
  policy: IdempotencyPolicy,
  { leaseMs, deadlineMs }: Pick<Settings, 'leaseMs' | 'deadlineMs'>,
): AfterUnknown {
  if (policy.strategy === 'natural') return { kind: 'set-again' };
  const { upstreamKey } = policy;
  if (upstreamKey === undefined) return { kind: 'quarantine' };
  const marginMs = Math.max(RESEND_MARGIN_MS, leaseMs + deadlineMs + ARRIVAL_MS);
  return { kind: 'resend', withinMs: Math.max(0, upstreamKey.retentionMs - marginMs) };
}

const LARGEST_ARGUMENTS = 64_000;

/** Arguments that people may see as they are; where some are sensitive, or all are too large, what audit shows of them. */
function askedOf(tool: Tool, args: JsonObject, settings: Settings): Asked {
  const complete = tool.policy.sensitive.length === 0 && JSON.stringify(args).length <= LARGEST_ARGUMENTS;
  return complete ? { arguments: args, complete } : { arguments: projectArguments(tool, args, settings), complete };
}

/** Step 8: whether a person has to say yes first, and what they read. Computed here, never by a model. */
import { renderMessage } from '../declared-error.ts';
import type { ApprovalRequest } from '../idempotency/claim.ts';
import type { CheckedCall, Consent } from './call.ts';
import { conditionOf } from './condition.ts';
import type { Effect } from './identify-effect.ts';

export function approvalFor({ call, loaded, validators }: CheckedCall, effect: Effect): ApprovalRequest | null {
  const { args } = effect;
  const { approval } = loaded.tool.policy;
  if (approval === undefined) return null;
  const { when, by, scope = null, summary, expiresMs } = approval;
  if (when !== undefined && !conditionOf(validators, when)(args)) return null;
  const text = renderMessage(summary, { args, principal: call.caller });
  const answer = answerAbout(effect, call.consent);
  const consent = answer?.agreed === true ? answer.operationId : null;
  return { by, scope, summary: text, expiresMs, consent, ...(answer?.agreed === false && { declined: true }) };
}

/** The caller's answer, if this effect is what they were asked about: neither a yes nor a no is good for another. */
export function answerAbout(
  { key, previousKey, fingerprint }: Effect,
  consent: Consent | undefined,
): Consent | undefined {
  if (consent === undefined || consent.fingerprint !== fingerprint) return undefined;
  return [key, previousKey].includes(consent.key) ? consent : undefined;
}

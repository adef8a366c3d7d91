/** Variants of approvals and caps with one fault each. */
import { implemented, type Protocol } from './protocol.ts';

/** Takes a yes for one to whatever is asked for under the same key. */
export const approvingOtherArguments: Protocol = {
  ...implemented,
  begin: (current, claim, at) =>
    implemented.begin(current && { ...current, fingerprint: claim.fingerprint }, claim, at),
};

/** Takes a yes for one to whatever waits by now. */
export const approvingWhateverWaits: Protocol = {
  ...implemented,
  decide: (current, decision, at) => implemented.decide(current, { ...decision, id: current?.id ?? decision.id }, at),
};

/** A yes stands for ever. */
export const approvingForEver: Protocol = {
  ...implemented,
  begin: (current, claim, at) => {
    const { approval = null } = current ?? {};
    const lasting = approval && { ...approval, expiresAt: Number.MAX_SAFE_INTEGER };
    return implemented.begin(current && { ...current, approval: lasting }, claim, at);
  },
};

/** Charges, and never gives anything back. */
export const notRefunding: Protocol = {
  ...implemented,
  release: (current, asked, now) => {
    const { next, result } = implemented.release(current, asked, now);
    return { next, result };
  },
};

/** Gives back what was charged although a part of the effect happened. */
export const refundingSteps: Protocol = {
  ...implemented,
  release: (current, asked, now) => {
    const step = implemented.release(current, asked, now);
    const { next } = step;
    if (next?.state !== 'released' || next === current) return step;
    return { ...step, next: { ...next, charges: [] }, refund: current?.charges ?? [] };
  },
};

/** Gives back what was charged for an effect that may have happened. */
export const refundingUnknown: Protocol = {
  ...implemented,
  recordUnknown: (current, claimed, now) => {
    const step = implemented.recordUnknown(current, claimed, now);
    const { next } = step;
    if (next === undefined || next === current) return step;
    return { ...step, next: { ...next, charges: [] }, refund: next.charges };
  },
};

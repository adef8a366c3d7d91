/** One fault each, in the protocol or in what it takes for granted, and what it breaks. */
import { INVARIANTS, type Invariant } from './invariants.ts';
import { implemented, type Protocol } from './protocol.ts';
import { scenariosOf, type Size } from './scenarios.ts';
import type { Rules } from './steps.ts';
import * as guards from './unsafe-guards.ts';
import * as protocols from './unsafe-protocols.ts';
import type { Scenario } from './world.ts';

export interface Unsafe {
  readonly rules: Rules;
  readonly breaks: Invariant;
}

const { oneEffect, toldOnce, notDenied, notRerun, approved, withinCap, charged } = INVARIANTS;

/** By name. */
export function unsafeRules(size: Size): Readonly<Record<string, Unsafe>> {
  const { quarantine, lookUp, resend, resendOther, reconciled, steps, stepsGuarded, approver, caps } =
    scenariosOf(size);
  const other = (scenario: Scenario, protocol: Protocol, breaks: Invariant = oneEffect): Unsafe => ({
    rules: { scenario, protocol },
    breaks,
  });
  const faulty = (scenario: Scenario, fault: Scenario['fault']) => other({ ...scenario, fault }, implemented);
  return {
    'no SENT on record': other(quarantine, protocols.withoutSent),
    'SENT is taken over when its lease ends': other(quarantine, protocols.takingOverSent),
    'what may have been sent is sent again': other(quarantine, protocols.sendingAgain, notRerun),
    'the record is deleted on an error': other(quarantine, protocols.deletingOnError),
    'an older fence counts': other({ ...quarantine, fault: 'sends-after-its-lease' }, protocols.ignoringFences),
    'the last answer counts': other({ ...lookUp, fault: 'sends-after-its-lease' }, protocols.overwriting, toldOnce),
    'an old list of open operations is believed': other(reconciled, protocols.believingOldLists),

    'an unknown outcome is looked up at once': faulty(lookUp, 'looks-up-at-once'),
    'a worker that paused sends after its lease': faulty(lookUp, 'sends-after-its-lease'),
    'a worker that paused sends after its deadline': faulty(lookUp, 'sends-after-its-deadline'),
    'a look-up from before the last attempt is believed': other(lookUp, protocols.believingOldLookUps),

    'an unknown outcome is sent again to an upstream without keys': other(
      { ...resend, upstream: 'plain' },
      implemented,
    ),
    'the upstream forgets a key while it is still sent again': faulty(resend, 'forgets-within-the-window'),
    'the upstream forgets a key as soon as it is not sent again': faulty(resend, 'forgets-without-a-margin'),
    'what is in doubt is taken over after the window': other(resend, protocols.takingOverDoubt),
    'what is in doubt is released as not executed': other(resend, protocols.releasingDoubt, notDenied),
    'another request is sent under the same key': other(resendOther, protocols.sendingAnotherRequest),

    'a step leaves no SENT on record': other(steps, protocols.withoutSent),
    'a step under way is taken over': other(steps, protocols.takingOverSent),
    'finished steps are forgotten': other(steps, protocols.forgettingSteps),

    'a yes is good for other arguments': other(approver, guards.approvingOtherArguments, approved),
    'a yes is good for whatever waits': other(approver, guards.approvingWhateverWaits, approved),
    'a yes is good for ever': other(approver, guards.approvingForEver, approved),

    'a charge is not given back': other(caps, guards.notRefunding, charged),
    'a charge is given back after a step': other(stepsGuarded, guards.refundingSteps, charged),
    'a charge is given back although nobody knows': other(caps, guards.refundingUnknown, withinCap),
  };
}

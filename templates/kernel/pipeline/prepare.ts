/** Step 10: everything that may fail before anything is sent. */
import type { Execution } from '../execution.ts';
import type { Policy } from '../policy.ts';
import type { Prepared, SendOptions } from '../settings.ts';
import { upstreamsOf, type CheckedCall } from './call.ts';
import { remainingTime } from './remaining-time.ts';
import { scopeOf, type Work } from './work.ts';

/** A handler has nothing to prepare: what it will send nobody knows. */
export type Ready =
  | {
      readonly kind: 'ready';
      readonly digest: string | null;
      readonly send?: (options: SendOptions) => Promise<Execution>;
    }
  | Extract<Prepared, { readonly kind: 'refused' }>;

export async function prepare(checked: CheckedCall, work: Work): Promise<Ready> {
  const { kernel, call, loaded, validators } = checked;
  const { tool } = loaded;
  if (tool.request === undefined) return { kind: 'ready', digest: handlerDigest(tool.policy) };
  const { settings } = kernel;
  const { conditions } = validators;
  const { delegation } = call;
  const signal = remainingTime(checked);
  const about = { tool, scope: scopeOf(checked, work), settings, conditions, delegation, signal };
  const prepared = await upstreamsOf(kernel).prepare(about);
  // Setting a value again is safe whatever its request looks like by now.
  const setsValue = tool.policy.idempotency?.strategy === 'natural';
  return prepared.kind === 'ready' && setsValue ? { ...prepared, digest: null } : prepared;
}

/** What a handler sent before its upstream was given the key must not be sent again under it: that would be new there. */
function handlerDigest({ idempotency }: Policy): string | null {
  return idempotency?.recovery === 'resend' ? 'under the operation key' : null;
}

/**
 * The tools as the tests call them. Of what guards a write only the guard that a test is about stays, so that no other
 * stands in its way. What only reads is marked in its path, so that effects can be counted apart from it.
 */
import type { Lookup, WriteCaps } from '../../../src/kernel/policy.ts';
import type { RequestDeclaration, Tool } from '../../../src/kernel/tool.ts';
import { withStandIn } from './stand-in.ts';

export type Guard = 'approval' | 'caps' | 'preconditions' | 'request-rate' | 'all-writes';

export interface ToolChoices {
  readonly upstreamUrl: string;
  /** Absent: none. */
  readonly guard?: Guard | undefined;
  /** How long after an attempt a look-up proves something. Default: at once. */
  readonly settleMs?: number | undefined;
}

/** What a request that only reads is for: the first segment of its path. */
export const LOOKUP = '-lookup';
export const precondition = (index: number): string => `-precondition-${index}`;

export function underTest(tool: Tool, choices: ToolChoices): Tool {
  const { policy, preconditions = [], ...rest } = withStandIn(tool, choices.upstreamUrl);
  const { approval, caps, idempotency, ...always } = policy;
  const { guard } = choices;
  return {
    ...rest,
    policy: {
      ...always,
      ...(idempotency !== undefined && {
        idempotency: 'lookup' in idempotency ? { ...idempotency, ...lookingUp(idempotency, choices) } : idempotency,
      }),
      ...(guard === 'approval' && approval !== undefined && { approval }),
      ...(guard === 'caps' && caps !== undefined && { caps: allOne(caps) }),
    },
    ...(guard === 'preconditions' && {
      preconditions: preconditions.map((one, index) => ({ ...one, request: marked(one.request, precondition(index)) })),
    }),
  };
}

function lookingUp(
  { lookup }: { readonly lookup?: Lookup },
  { settleMs = 0 }: ToolChoices,
): { readonly lookup?: Lookup } {
  return lookup === undefined ? {} : { lookup: { ...lookup, settleMs, request: marked(lookup.request, LOOKUP) } };
}

function marked(request: RequestDeclaration, mark: string): RequestDeclaration {
  return { ...request, path: [mark, ...request.path] };
}

/** Every cap of these at one, so that the second effect reaches it. */
export function allOne(caps: WriteCaps): WriteCaps {
  return { ...Object.fromEntries(Object.keys(caps).map((name) => [name, 1])), per: caps.per };
}

/** A tool's policy and preconditions as `kernel/policy.ts` and `kernel/tool.ts` declare them. */
import type {
  ApprovalModel,
  CapsModel,
  IdempotencyModel,
  PreconditionModel,
  RecoveryModel,
} from '../../model/guards.ts';
import type { ToolModel } from '../../model/project.ts';
import { expressionCode, templateCode, textCode } from '../expression-code.ts';
import type { Printable } from '../literal.ts';
import { requestOf } from './request.ts';

export function policyOf(tool: ToolModel): Printable {
  return {
    mutability: tool.mutability,
    scopes: tool.scopes,
    roles: tool.roles,
    needsTenant: tool.needsTenant || undefined,
    idempotency: tool.idempotency && idempotencyOf(tool.idempotency, tool.upstreamScopes),
    approval: tool.approval && approvalOf(tool.approval),
    caps: tool.caps && capsOf(tool.caps),
    sensitive: tool.sensitive,
  };
}

function idempotencyOf(idempotency: IdempotencyModel, upstreamScopes: ToolModel['upstreamScopes']): Printable {
  switch (idempotency.strategy) {
    case 'natural':
      return { ...idempotency };
    case 'caller-key':
      return { strategy: idempotency.strategy, ...recoveryOf(idempotency, upstreamScopes) };
    case 'derived-key':
    case 'read-before-write': {
      const { strategy, key, occurrence } = idempotency;
      return {
        strategy,
        key: key.map(expressionCode),
        occurrence:
          occurrence && ('argument' in occurrence ? { argument: expressionCode(occurrence.argument) } : occurrence),
        ...recoveryOf(idempotency, upstreamScopes),
      };
    }
  }
}

function recoveryOf(
  { recovery, upstreamKey, lookup }: RecoveryModel,
  upstreamScopes: ToolModel['upstreamScopes'],
): { readonly [name: string]: Printable } {
  return {
    recovery,
    upstreamKey: upstreamKey && { retentionMs: upstreamKey.retentionMs },
    lookup: lookup && {
      request: requestOf(lookup.request, upstreamScopes),
      found: lookup.found,
      settleMs: lookup.settleMs,
    },
  };
}

function approvalOf({ when, by, scope, expiresMs, summary }: ApprovalModel): Printable {
  return { when, by, scope, expiresMs, summary: textCode(summary) };
}

export function capsOf({ perRun, perHour, perDay, per }: CapsModel): Printable {
  return { perRun, perHour, perDay, per };
}

export function preconditionOf(
  { request, require, code, message, suggestedAction }: PreconditionModel,
  { upstreamScopes }: Pick<ToolModel, 'upstreamScopes'>,
): Printable {
  return {
    request: requestOf(request, upstreamScopes),
    require: require.map((one) =>
      'equals' in one
        ? { value: expressionCode(one.value), equals: templateCode(one.equals) }
        : { value: expressionCode(one.value), matches: one.matches },
    ),
    code,
    message: textCode(message),
    suggestedAction,
  };
}

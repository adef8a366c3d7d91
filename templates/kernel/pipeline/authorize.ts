/** Step 5: may this caller call this tool? Asked on every call, on every transport, and before a replay too. */
import type { Caller } from '../caller.ts';
import type { Policy } from '../policy.ts';
import type { Settings } from '../settings.ts';
import type { Tool } from '../tool.ts';
import { Refusal, roleMissing, scopeMissing, tenantMissing, writesDisabled } from './errors.ts';

/** By scopes, roles and tenant; whether writes are on is another question. */
export function mayCall(policy: Policy, caller: Caller): boolean {
  return holdsScopes(policy, caller) && hasRole(policy, caller) && hasTenant(policy, caller);
}

/** Throws `Refusal` where the caller may not. */
export function authorize({ definition, policy }: Tool, caller: Caller, settings: Settings): void {
  if (!holdsScopes(policy, caller)) throw new Refusal(scopeMissing(definition.name, policy.scopes));
  if (!hasRole(policy, caller)) throw new Refusal(roleMissing(definition.name, policy.roles));
  if (!hasTenant(policy, caller)) throw new Refusal(tenantMissing(definition.name));
  if (writes(policy) && !settings.writes) throw new Refusal(writesDisabled(definition.name));
}

export function writes(policy: Policy): boolean {
  return policy.mutability !== 'read-only';
}

export function holdsScopes({ scopes }: Policy, caller: Caller): boolean {
  return scopes.every((scope) => caller.scopes.has(scope));
}

function hasRole({ roles }: Policy, caller: Caller): boolean {
  return roles.length === 0 || roles.some((role) => caller.roles.has(role));
}

function hasTenant({ needsTenant }: Policy, { tenant }: Caller): boolean {
  return needsTenant !== true || tenant !== undefined;
}

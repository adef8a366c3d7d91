/** What an operator should know about a server that is about to serve. */
import type { Configuration } from './config.ts';
import { mayCall, writes } from './pipeline/authorize.ts';
import type { Reach, RequestStateSettings } from './settings.ts';
import type { ServerDeclaration, Tool } from './tool.ts';

/** Lines for people. Names settings, never secrets. */
export function describeServer(about: {
  readonly server: ServerDeclaration;
  readonly configuration: Configuration;
}): readonly string[] {
  const { server, configuration } = about;
  const { settings, caller, signIn } = configuration;
  const denied = server.tools.filter(({ policy }) => !mayCall(policy, caller));
  const allowed = server.tools.length - denied.length;
  return [
    `${server.name} ${server.version}, environment ${settings.environment}`,
    signIn === undefined
      ? `${caller.subject} may call ${allowed} of ${server.tools.length} tools${adviceOn(denied)}`
      : `callers sign in with tokens of ${signIn.issuer} for ${signIn.audience}`,
    ...(server.tools.some(isWrite) ? [describeWrites(configuration)] : []),
    ...(settings.requestState === undefined ? [] : [describeApproval(settings.requestState)]),
    ...[...settings.upstreams].map(
      ([name, { baseUrl, reach }]) => `upstream ${name} at ${baseUrl.origin}${LEADS[reach]}`,
    ),
  ];
}

function isWrite({ policy }: Tool): boolean {
  return writes(policy);
}

/** What is weaker than public addresses alone is said. */
const LEADS: Readonly<Record<Reach, string>> = {
  public: '',
  'this-machine': ', on this machine',
  private: '; private addresses are allowed',
};

function describeWrites({ settings, store }: Configuration): string {
  const state = settings.writes ? 'enabled' : 'disabled (MCP_WRITES=enabled turns them on)';
  return `writes are ${state}; operations are kept in ${store?.shown}`;
}

function describeApproval({ shared }: RequestStateSettings): string {
  return shared
    ? 'callers are asked to agree; their answers are signed with MCP_REQUEST_STATE_SECRET'
    : 'callers are asked to agree; their answers are signed with a secret of this process: ' +
        'set MCP_REQUEST_STATE_SECRET where several processes serve the same callers';
}

/** Names the scopes of the tools that read first: those are the ones to begin with. */
function adviceOn(denied: readonly Tool[]): string {
  if (denied.length === 0) return '';
  const reads = denied.filter((tool) => !isWrite(tool));
  const [wanted, which] = reads.length > 0 ? [reads, 'those that read'] : [denied, 'the others'];
  const scopes = new Set(wanted.flatMap(({ policy }) => policy.scopes));
  if (scopes.size > 0) return `: set MCP_SCOPES="${[...scopes].join(' ')}" to allow ${which}`;
  const roles = new Set(wanted.flatMap(({ policy }) => policy.roles));
  return `: set MCP_ROLES to one of ${[...roles].join(', ')} to allow ${which}`;
}

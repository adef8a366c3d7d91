/** The project's own server, as generated, but with its upstreams on this machine. */
import { parts, server } from '../../../src/generated/server.ts';
import { readSettings } from '../../../src/kernel/config.ts';
import type { Logger } from '../../../src/kernel/handler.ts';
import type { OperationsDesk } from '../../../src/kernel/operations/desk.ts';
import { createRuntime, type Runtime, type WritePath } from '../../../src/kernel/runtime.ts';
import type { CredentialDeclaration, ServerDeclaration, UpstreamDeclaration } from '../../../src/kernel/tool.ts';
import { environmentOf } from './environment.ts';
import { allOne, underTest, type ToolChoices } from './under-test.ts';

export interface RuntimeChoices extends ToolChoices {
  /** Where every upstream of the project is taken to be. */
  readonly upstreamUrl: string;
  /** Absent where no tool writes. */
  readonly writePath?: WritePath | undefined;
  /** Whether `MCP_WRITES` is on. Default: yes. */
  readonly writes?: boolean;
  /** How long a claim holds. Default: as the project has it. */
  readonly leaseMs?: number;
  /** How long the upstream may take; the whole call, which handlers are held to, twice that. Default: as the project has it. */
  readonly patienceMs?: number;
}

export function createTestRuntime(choices: RuntimeChoices): Runtime {
  const declaration = onThisMachine(choices);
  const writes = (choices.writes ?? true) ? 'enabled' : 'disabled';
  const variables = { ...environmentOf(declaration), MCP_WRITES: writes };
  const settings = readSettings(declaration, variables, parts.upstreams);
  return createRuntime(declaration, {
    settings: {
      ...settings,
      leaseMs: choices.leaseMs ?? settings.leaseMs,
      deadlineMs: choices.patienceMs === undefined ? settings.deadlineMs : 2 * choices.patienceMs,
    },
    upstreams: parts.upstreams,
    writePath: choices.writePath && withoutBackground(choices.writePath),
    requestRate: choices.guard === 'request-rate' ? parts.requestRate?.(1) : undefined,
    audit: { record: () => {} },
    log: silent,
  });
}

/** The desk at which operators handle what waits for a person, in the environment of the tests. */
export function openOperations(writePath: WritePath): OperationsDesk {
  const { environment } = readSettings(server, environmentOf(server), parts.upstreams);
  return writePath.operations({ server, environment, audit: { record: () => {} }, log: silent });
}

/** What goes on beside the calls would be one more that calls. */
function withoutBackground(writePath: WritePath): WritePath {
  return { ...writePath, start: () => {} };
}

/** One attempt a call, so that every request at the upstream is a call that got there; and as many calls as it takes. */
function onThisMachine(choices: RuntimeChoices): ServerDeclaration {
  const redirect = (upstream: UpstreamDeclaration): UpstreamDeclaration => ({
    ...upstream,
    baseUrl: { value: choices.upstreamUrl },
    allowedHosts: ['127.0.0.1'],
    credential: withoutIssuer(upstream.credential),
    attempts: 1,
    timeoutMs: choices.patienceMs ?? upstream.timeoutMs,
  });
  const { limits, ...unlimited } = server;
  return {
    ...unlimited,
    ...(choices.guard === 'request-rate' && { limits: { requestsPerMinute: 1 } }),
    ...(choices.guard === 'all-writes' && limits?.writes && { limits: { writes: allOne(limits.writes) } }),
    upstreams: server.upstreams.map(redirect),
    tools: server.tools.map((tool) => underTest(tool, choices)),
  };
}

/** Tokens come from somewhere else, which is not there in a test: one that is always there stands in for them. */
function withoutIssuer(credential: CredentialDeclaration): CredentialDeclaration {
  switch (credential.type) {
    case 'oauth-client-credentials':
    case 'oauth-token-exchange':
    case 'provider':
      return { type: 'bearer', token: { secret: 'GENERATED_TEST_TOKEN' } };
    default:
      return credential;
  }
}

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };

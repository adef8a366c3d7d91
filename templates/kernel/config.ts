/** Everything that a server reads from its environment, checked as a whole before anything starts. */
import type { Caller } from './caller.ts';
import { readAuditKey } from './config/audit-key.ts';
import { nobody, readCaller, requireTenant } from './config/caller.ts';
import { Environment, type Variables } from './config/environment.ts';
import type { KnownSecrets } from './config/known-secrets.ts';
import { writes } from './pipeline/authorize.ts';
import type { AuditPart, RequestLimits, Settings, StorePlace, UpstreamPart, WritePart } from './settings.ts';
import type { ServerDeclaration } from './tool.ts';
import type { CallerApproval, HttpSettings, SignIn, SignInSettings } from './transport/transport.ts';

export { expandScopes } from './config/caller.ts';
export { ConfigurationError } from './config/environment.ts';

export interface Configuration {
  /** All that were read: the log shows none of them. */
  readonly secrets: KnownSecrets;
  readonly settings: Settings;
  /** On stdio, and over HTTP without authentication; where callers sign in, nobody. */
  readonly caller: Caller;
  /** Present where callers sign in. */
  readonly signIn: SignInSettings | undefined;
  /** Absent where no tool writes. */
  readonly store: StorePlace | undefined;
  /** `undefined`: audit goes to standard error, or to the store. */
  readonly auditFile: string | undefined;
  /** Present where audit goes to the store. */
  readonly auditStore: StorePlace | undefined;
  /** Absent where the server is not reached over HTTP. */
  readonly http: HttpSettings | undefined;
}

/** Generous for tool calls, and small enough that no message costs much. */
const LIMITS: RequestLimits = { maxBodyBytes: 1_000_000, maxDepth: 32, maxElements: 20_000 };

const LONGEST_MS = 60 * 60 * 1_000;
const DEFAULT_LEASE_MS = 60_000;

/** Reads what these parts need and nothing else. Throws one `ConfigurationError` that names every problem. */
export function readConfiguration(
  server: ServerDeclaration,
  variables: Variables,
  parts: {
    readonly upstreams?: UpstreamPart;
    readonly writes?: WritePart;
    readonly audit?: AuditPart;
    readonly callerApproval?: CallerApproval;
    /** Present where the server is reached over HTTP. */
    readonly http?: unknown;
    readonly signIn?: SignIn | undefined;
    /** What else is wrong, told together with the rest. */
    readonly whyNot?: (read: Pick<Configuration, 'http' | 'signIn'>) => string | undefined;
    readonly secrets?: KnownSecrets;
  } = {},
): Configuration {
  const environment = new Environment(variables, parts.secrets);
  const signIn = server.auth && parts.signIn?.(server, server.auth, environment);
  const caller = signIn === undefined ? readCaller(server, environment) : nobody();
  if (signIn === undefined) requireTenant(server, caller, environment);
  const configuration: Configuration = {
    secrets: environment.secrets,
    settings: {
      ...settingsFrom(server, environment, parts.upstreams),
      auditKey: readAuditKey(environment),
      requestState: parts.callerApproval?.readSettings(environment),
    },
    caller,
    signIn,
    store: parts.writes?.locate(server, environment),
    ...readAuditPlace(server, environment, parts.audit),
    http: parts.http === undefined ? undefined : httpFrom(environment, signIn),
  };
  const whyNot = parts.whyNot?.(configuration);
  if (whyNot !== undefined) environment.problem(whyNot);
  environment.check();
  return configuration;
}

/** Where audit goes and operations are kept, whatever else is wrong; a store that cannot be told is left out. */
export function readPlaces(
  server: ServerDeclaration,
  variables: Variables,
  parts: {
    readonly writes?: WritePart | undefined;
    readonly audit?: AuditPart | undefined;
    readonly secrets?: KnownSecrets;
  },
): Pick<Configuration, 'auditFile' | 'auditStore' | 'store' | 'secrets'> {
  const environment = new Environment(variables, parts.secrets);
  const { secrets } = environment;
  const store = parts.writes?.locate(server, environment);
  const { auditFile, auditStore } = readAuditPlace(server, environment, parts.audit);
  return environment.isFine()
    ? { auditFile, auditStore, store, secrets }
    : { auditFile, auditStore: undefined, store: undefined, secrets };
}

export function readAuditPlace(
  server: ServerDeclaration,
  environment: Environment,
  audit: AuditPart | undefined,
): Pick<Configuration, 'auditFile' | 'auditStore'> {
  return audit === undefined
    ? { auditFile: environment.text('MCP_AUDIT_FILE'), auditStore: undefined }
    : { auditFile: undefined, auditStore: audit.locate(server, environment) };
}

/** The settings alone. Throws one `ConfigurationError` that names every problem. */
export function readSettings(server: ServerDeclaration, variables: Variables, upstreams?: UpstreamPart): Settings {
  const environment = new Environment(variables);
  const settings = settingsFrom(server, environment, upstreams);
  environment.check();
  return settings;
}

export function environmentName(environment: Environment): string {
  return environment.text('MCP_ENVIRONMENT') ?? 'development';
}

function settingsFrom(server: ServerDeclaration, environment: Environment, upstreams?: UpstreamPart): Settings {
  if (server.upstreams.length > 0 && upstreams === undefined)
    throw new Error(`${server.name} has upstreams, so it needs the part that calls them`);
  const mayWrite = server.tools.some(({ policy }) => writes(policy));
  return {
    environment: environmentName(environment),
    writes: mayWrite && environment.choice('MCP_WRITES', ['disabled', 'enabled']) === 'enabled',
    upstreams: upstreams?.readSettings(server, environment) ?? new Map(),
    leaseMs: mayWrite
      ? environment.integer('MCP_LEASE_MS', { or: DEFAULT_LEASE_MS, min: 100, max: LONGEST_MS })
      : DEFAULT_LEASE_MS,
    deadlineMs: environment.integer('MCP_DEADLINE_MS', { or: 30_000, min: 100, max: LONGEST_MS }),
    limits: LIMITS,
  };
}

const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

function httpFrom(environment: Environment, signIn: SignInSettings | undefined): HttpSettings {
  const origins = environment.list('MCP_ALLOWED_ORIGINS');
  const audience = signIn === undefined ? [] : [new URL(signIn.audience).hostname];
  return {
    host: environment.text('MCP_HTTP_HOST') ?? '127.0.0.1',
    port: environment.integer('MCP_HTTP_PORT', { or: 3_000, min: 0, max: 65_535 }),
    // A page of somebody else's never comes under a name of this machine: safe wherever it listens.
    allowedHosts: [...THIS_MACHINE, ...audience, ...environment.list('MCP_ALLOWED_HOSTS')],
    allowedOrigins: origins.length > 0 ? origins : THIS_MACHINE,
  };
}

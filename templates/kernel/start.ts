/** Starts a server: reads the command line and the environment, opens the store, serves until told to stop. */
import { checkStart } from './check-start.ts';
import { readCommandLine, UsageError, type RunCommand } from './command-line.ts';
import { ConfigurationError } from './config.ts';
import { KnownSecrets } from './config/known-secrets.ts';
import { configure } from './configure.ts';
import { describeServer } from './describe-server.ts';
import type { Logger } from './handler.ts';
import { createLogger } from './log.ts';
import { openAudit, openWritePath } from './open.ts';
import type { RequestRate } from './pipeline/call.ts';
import { createRuntime } from './runtime.ts';
import type { AuditPart, UpstreamPart, WritePart } from './settings.ts';
import type { ServerDeclaration } from './tool.ts';
import type { Tracing } from './tracing.ts';
import type { CallerApproval, OperationsOverHttp, ServeHttp, ServeStdio, SignIn } from './transport/transport.ts';
import { logUncaught } from './uncaught.ts';

/** The parts of the kernel that a project has; what its manifest does not need is not there. */
export interface Parts {
  readonly stdio?: ServeStdio;
  readonly http?: ServeHttp;
  /** Present where callers who come over HTTP sign in. */
  readonly signIn?: SignIn;
  /** For operators who come over HTTP. */
  readonly operations?: OperationsOverHttp;
  readonly upstreams?: UpstreamPart;
  readonly writes?: WritePart;
  /** Present where audit goes to the store. */
  readonly audit?: AuditPart;
  /** Present where some tool asks its caller for a yes. */
  readonly callerApproval?: CallerApproval;
  /** Makes what counts requests; present where they are limited. */
  readonly requestRate?: (perMinute: number) => RequestRate;
  /** Present where there are traces. */
  readonly tracing?: Tracing;
}

const CANNOT_RUN = 2;

/**
 * Resolves when the server has stopped. Ends the process with code 2 where the command line or the environment is wrong, and
 * with code 1 where anything fails that nobody caught.
 */
export async function start(server: ServerDeclaration, parts: Parts): Promise<void> {
  const secrets = new KnownSecrets();
  const log = createLogger(secrets);
  logUncaught(log);
  try {
    const commandLine = readCommandLine(server, parts, process.argv.slice(2));
    if (commandLine.kind === 'help') process.stdout.write(commandLine.text);
    else if (commandLine.checkOnly)
      process.stdout.write(`${(await checkStart(server, parts, { ...commandLine, secrets })).join('\n')}\n`);
    else await run(server, parts, { ...commandLine, secrets, log });
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof UsageError)) throw error;
    process.stderr.write(`${server.name} cannot start. ${error.message}\n`);
    process.exitCode = CANNOT_RUN;
  }
}

interface Start extends RunCommand {
  readonly secrets: KnownSecrets;
  readonly log: Logger;
}

async function run(server: ServerDeclaration, parts: Parts, begin: Start): Promise<void> {
  const configuration = configure(server, parts, begin);
  const { settings, caller, signIn, http } = configuration;
  const { log } = begin;
  const { environment, limits } = settings;
  const audit = await openAudit(server, { ...configuration, environment }, parts);
  const writePath = await openWritePath(server, configuration, parts);
  const { requestsPerMinute } = server.limits ?? {};
  const requestRate = requestsPerMinute === undefined ? undefined : parts.requestRate?.(requestsPerMinute);
  const { upstreams, tracing } = parts;
  const runtime = createRuntime(server, { settings, audit, log, upstreams, writePath, requestRate, tracing });
  for (const line of describeServer({ server, configuration })) log.info(line);
  const checkReady = async (): Promise<void> => writePath?.ping();
  const desk =
    server.operationsScope === undefined ? undefined : writePath?.operations({ server, environment, audit, log });
  const operations = desk && parts.operations?.(desk, limits);
  const callAsking = settings.requestState && parts.callerApproval?.prepare({ runtime, log }, settings.requestState);
  const guard = signIn?.prepare(log);
  const serving = { server, runtime, caller, guard, limits, log, checkReady, operations, callAsking };
  if (http === undefined) await parts.stdio?.(serving);
  else await parts.http?.(serving, http);
  // Work that outlived its time to finish must not keep the process alive.
  process.exit();
}

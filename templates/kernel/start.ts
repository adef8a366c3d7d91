/** Starts a server: reads the command line and the environment, opens the store, serves until told to stop. */
import { readCommandLine, requireSignIn, requireThisMachine, UsageError, type CommandLine } from './command-line.ts';
import { ConfigurationError, readConfiguration } from './config.ts';
import { describeServer } from './describe-server.ts';
import { createLogger } from './log.ts';
import { openAudit, openWritePath } from './open.ts';
import type { RequestRate } from './pipeline/call.ts';
import { describeError } from './pipeline/describe-error.ts';
import { createRuntime } from './runtime.ts';
import type { UpstreamPart, WritePart } from './settings.ts';
import type { ServerDeclaration, Tool } from './tool.ts';
import type {
  CallerApproval,
  HttpSettings,
  OperationsOverHttp,
  ServeHttp,
  ServeStdio,
  SignIn,
} from './transport/transport.ts';

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
  /** Present where some tool asks its caller for a yes. */
  readonly callerApproval?: CallerApproval;
  /** Makes what counts requests; present where they are limited. */
  readonly requestRate?: (perMinute: number) => RequestRate;
}

const CANNOT_RUN = 2;

/** Resolves when the server has stopped. Ends the process with code 2 where the command line or the environment is wrong. */
export async function start(server: ServerDeclaration, parts: Parts): Promise<void> {
  try {
    const commandLine = readCommandLine(server, parts, process.argv.slice(2));
    if (commandLine.kind === 'help') {
      process.stdout.write(commandLine.text);
    } else {
      await run(server, parts, commandLine);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof UsageError)) throw error;
    process.stderr.write(`${server.name} cannot start. ${error.message}\n`);
    process.exitCode = CANNOT_RUN;
  }
}

async function run(
  server: ServerDeclaration,
  parts: Parts,
  commandLine: Extract<CommandLine, { kind: 'run' }>,
): Promise<void> {
  if (parts.callerApproval === undefined && server.tools.some(asksCaller)) {
    throw new Error(`${server.name} has tools that ask their caller, so it needs the part that does`);
  }
  if ((server.auth !== undefined) !== (parts.signIn !== undefined) && parts.http !== undefined) {
    throw new Error(`${server.name} needs auth and the part that asks callers to sign in, or neither`);
  }
  const overHttp = commandLine.transport === 'http';
  const signInPart = overHttp ? parts.signIn : undefined;
  const configuration = readConfiguration(server, process.env, { ...parts, signIn: signInPart });
  const { settings, caller, signIn } = configuration;
  const http: HttpSettings = { ...configuration.http, ...commandLine.listen };
  if (signIn !== undefined) requireSignIn(commandLine.insecureLocal);
  else if (overHttp) requireThisMachine(http.host, commandLine.insecureLocal);

  const log = createLogger();
  // One handler's forgotten promise must not end the calls of all others, nor print what it failed with.
  process.on('unhandledRejection', (error) =>
    log.error('A promise failed that nobody waited for', describeError(error)),
  );
  const audit = openAudit(configuration);
  const writePath = await openWritePath(server, configuration, parts);
  const { requestsPerMinute } = server.limits ?? {};
  const requestRate = requestsPerMinute === undefined ? undefined : parts.requestRate?.(requestsPerMinute);
  const runtime = createRuntime(server, { settings, audit, log, upstreams: parts.upstreams, writePath, requestRate });
  const description = describeServer({ server, configuration, callable: runtime.listTools(caller) });
  if (commandLine.checkOnly) {
    process.stdout.write(`${description.join('\n')}\n`);
    await runtime.close();
    return;
  }

  for (const line of description) log.info(line);
  const checkReady = async (): Promise<void> => writePath?.ping();
  const { limits, environment } = settings;
  const desk =
    server.operationsScope === undefined ? undefined : writePath?.operations({ server, environment, audit, log });
  const operations = desk && parts.operations?.(desk, limits);
  const callAsking = settings.requestState && parts.callerApproval?.prepare({ runtime, log }, settings.requestState);
  const guard = signIn?.prepare(log);
  const serving = { server, runtime, caller, guard, limits, log, checkReady, operations, callAsking };
  if (overHttp) await parts.http?.(serving, http);
  else await parts.stdio?.(serving);
  // Work that outlived its time to finish must not keep the process alive.
  process.exit();
}

function asksCaller({ policy }: Tool): boolean {
  return policy.approval?.by === 'caller';
}

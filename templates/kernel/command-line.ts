/** The flags of a server. */
import { parseArgs } from 'node:util';

import { isLoopback } from './config/loopback.ts';
import { describeVariables } from './config/variables.ts';
import type { AuditPart, WritePart } from './settings.ts';
import type { ServerDeclaration } from './tool.ts';
import type { CallerApproval, HttpSettings } from './transport/transport.ts';

export type Transport = 'stdio' | 'http';

export type CommandLine = { readonly kind: 'help'; readonly text: string } | RunCommand;

export interface RunCommand {
  readonly kind: 'run';
  readonly transport: Transport;
  /** What the flags say in place of the environment. */
  readonly listen: Partial<Pick<HttpSettings, 'host' | 'port'>>;
  readonly insecureLocal: boolean;
  /** Say whether it would start, and end. */
  readonly checkOnly: boolean;
}

/** Parts that read variables of their own. */
interface PartsWithVariables {
  readonly writes?: WritePart;
  readonly audit?: AuditPart;
  readonly callerApproval?: CallerApproval;
}

/** The command line cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Throws `UsageError`. */
export function readCommandLine(
  server: ServerDeclaration,
  parts: Partial<Readonly<Record<Transport, unknown>>> & PartsWithVariables,
  argv: readonly string[],
): CommandLine {
  const flags = parse(argv);
  const transports = (['stdio', 'http'] as const).filter((transport) => parts[transport] !== undefined);
  if (flags.help) return { kind: 'help', text: helpText(server, transports, parts) };
  return {
    kind: 'run',
    transport: chooseTransport(transports, flags.transport),
    listen: {
      ...(flags.host !== undefined && { host: flags.host }),
      ...(flags.port !== undefined && { port: parsePort(flags.port) }),
    },
    insecureLocal: flags['insecure-local'] ?? false,
    checkOnly: flags['check-config'] ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        transport: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        'insecure-local': { type: 'boolean' },
        'check-config': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}\nRun it with --help to see its flags.`,
    );
  }
}

function chooseTransport(transports: readonly Transport[], wanted: string | undefined): Transport {
  const chosen = wanted === undefined ? transports[0] : transports.find((transport) => transport === wanted);
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    `--transport ${wanted} is not there: this server has ${transports.join(' and ')}. Add others to server.transports in the manifest.`,
  );
}

function parsePort(port: string): number {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new UsageError(`--port ${JSON.stringify(port)} is no port: give a number from 0 to 65535.`);
}

/** Why it must not listen as it was told to, if there is a reason. `host`: where it would. */
export function whyNotOverHttp(
  { host, signsIn }: { readonly host: string; readonly signsIn: boolean },
  { insecureLocal }: Pick<RunCommand, 'insecureLocal'>,
): string | undefined {
  return signsIn ? whereSignedIn(insecureLocal) : whereNobodySignsIn(host, insecureLocal);
}

function whereSignedIn(insecureLocal: boolean): string | undefined {
  if (!insecureLocal) return undefined;
  return 'Over HTTP this server asks who is calling (auth: oauth), on this machine too: leave --insecure-local out.';
}

/** A server that asks nobody who they are must not be open to others. */
function whereNobodySignsIn(host: string, insecureLocal: boolean): string | undefined {
  if (insecureLocal && isLoopback(host)) return undefined;
  return (
    'Over HTTP this server does not ask who is calling (auth: none), so anyone who reaches it may use it. ' +
    (insecureLocal
      ? `It listens on this machine only: set --host or MCP_HTTP_HOST to 127.0.0.1, not ${JSON.stringify(host)}.`
      : 'Add --insecure-local if you mean that, for this machine only.')
  );
}

function helpText(server: ServerDeclaration, transports: readonly Transport[], parts: PartsWithVariables): string {
  const [first] = transports;
  const lines = [
    `${server.title ?? server.name}: an MCP server.`,
    '',
    'Flags',
    `  --transport <name>  ${transports.join(' or ')}; without it ${first}`,
    ...(transports.includes('http')
      ? [
          '  --host <address>    where HTTP listens; without it MCP_HTTP_HOST or 127.0.0.1',
          '  --port <number>     without it MCP_HTTP_PORT or 3000',
          ...(server.auth === undefined
            ? ['  --insecure-local    serve HTTP to this machine without asking who is calling']
            : []),
        ]
      : []),
    '  --check-config      say whether the server would start, or all that keeps it from that, and end; opens the store',
    '  -h, --help          this text',
    '',
    'Environment',
    ...describeVariables(server, { stdio: transports.includes('stdio'), http: transports.includes('http'), ...parts }),
  ];
  return `${lines.join('\n')}\n`;
}

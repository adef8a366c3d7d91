/** `operations`: what waits for people, and their answers, from a terminal. */
import { UsageError } from '../command-line.ts';
import { ConfigurationError } from '../config.ts';
import type { Variables } from '../config/environment.ts';
import { KnownSecrets } from '../config/known-secrets.ts';
import { processVariables } from '../config/process-variables.ts';
import type { Logger } from '../handler.ts';
import { createLogger, escapeControls } from '../log.ts';
import { openAudit, openWritePath } from '../open.ts';
import { Refusal } from '../pipeline/errors.ts';
import type { Parts } from '../start.ts';
import type { ServerDeclaration } from '../tool.ts';
import { logUncaught } from '../uncaught.ts';
import { readOperator, type OperatorConfiguration } from './configuration.ts';
import type { OperationsDesk, Operator } from './desk.ts';
import { helpText } from './help.ts';
import { programName } from './program.ts';
import { readCommand, type Command } from './read-command.ts';
import { showAudit } from './show-audit.ts';
import { listTable } from './table.ts';
import { afterAnswer, describeOperation, plain } from './text.ts';

const REFUSED = 1;
const CANNOT_RUN = 2;

/**
 * Reads the command line and the environment, does what it is told, and prints it. Sets the exit code: 1 where it is
 * refused or there is no such operation, 2 where the command line or the environment is wrong.
 */
export async function runOperations(
  server: ServerDeclaration,
  parts: Pick<Parts, 'writes' | 'audit' | 'upstreams'>,
): Promise<void> {
  const secrets = new KnownSecrets();
  const log = createLogger(secrets);
  logUncaught(log);
  const variables = processVariables();
  const program = programName(variables['npm_config_user_agent'], process.argv[1] ?? 'operations');
  try {
    const command = readCommand(process.argv.slice(2));
    if (command.name === 'help') {
      process.stdout.write(
        helpText(server, { program, variable: parts.writes?.variable, keepsAudit: parts.audit !== undefined }),
      );
    } else {
      await run(server, { ...parts, secrets }, { command, program, variables, log });
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = CANNOT_RUN;
  }
}

interface Wanted {
  readonly command: Exclude<Command, { readonly name: 'help' }>;
  readonly program: string;
  readonly variables: Variables;
  readonly log: Logger;
}

async function run(
  server: ServerDeclaration,
  parts: Pick<Parts, 'writes' | 'audit'> & { readonly secrets: KnownSecrets },
  { command, program, variables, log }: Wanted,
): Promise<void> {
  const configuration = readOperator(server, variables, parts);
  if (command.name === 'audit') return showAudit(server, parts.audit, { configuration, command });
  const audit = await openAudit(server, configuration, parts);
  const writePath = await openWritePath(server, configuration, parts);
  if (writePath === undefined) throw new UsageError(`${server.name} has no tool that writes, so it has no operations.`);
  const { environment, caller } = configuration;
  const operator: Operator = { caller, over: 'command_line' };
  try {
    const desk = writePath.operations({ server, environment, audit, log });
    const told = await perform(desk, operator, { command, program, configuration });
    process.stdout.write(command.json ? jsonText({ ok: true, ...told.json }) : `${told.text}\n`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (command.json) process.stdout.write(jsonText({ ok: false, error: error.body }));
    else process.stderr.write(`${plain(error.body.message)}\n`);
    process.exitCode = REFUSED;
  } finally {
    await writePath.close();
    await audit.close?.();
  }
}

/** For scripts, and for people. */
interface Told {
  readonly json: object;
  readonly text: string;
}

async function perform(
  desk: OperationsDesk,
  operator: Operator,
  about: {
    readonly command: Exclude<Command, { readonly name: 'help' | 'audit' }>;
    readonly program: string;
    readonly configuration: OperatorConfiguration;
  },
): Promise<Told> {
  const { command, program, configuration } = about;
  switch (command.name) {
    case 'list': {
      const listing = await desk.list(operator, command.kinds);
      return { json: listing, text: listTable(listing, { program, kinds: command.kinds, where: configuration }) };
    }
    case 'show': {
      const operation = await desk.show(operator, command.id);
      return { json: { operation }, text: describeOperation(operation, program) };
    }
    case 'approve':
    case 'deny': {
      const operation = await desk.decide(operator, command.id, { approve: command.name === 'approve' });
      return { json: { operation }, text: afterAnswer(operation) };
    }
    case 'resolve': {
      const operation = await desk.resolve(operator, command.id, command.finding);
      return { json: { operation }, text: afterAnswer(operation) };
    }
    case 'purge': {
      const removed = await desk.purge(operator);
      return { json: { removed }, text: `${removed} ${removed === 1 ? 'operation was' : 'operations were'} removed.` };
    }
    case 'hold':
    case 'release-hold': {
      const held = command.name === 'hold';
      await desk.hold(operator, held);
      return { json: { held }, text: held ? heldText(program) : 'Irreversible calls go on.' };
    }
  }
}

function heldText(program: string): string {
  return [
    'Irreversible calls are held back from now on, on every server and in every environment that shares this store.',
    'Compare what the upstreams did since the backup with what is listed here, then let the calls go on:',
    `  ${program} release-hold`,
  ].join('\n');
}

function jsonText(value: object): string {
  return `${escapeControls(JSON.stringify(value, null, 2))}\n`;
}

/**
 * The command line: names, arguments, flags and help. Each command's code is loaded when it is run, so that
 * `--help` needs commander alone.
 */
import { Command, Option } from 'commander';

import type { CommandContext, CommandOutcome } from '../commands/terminal.ts';

/** The names under which the package is run; the first one is `hardened-mcp create`. */
export type ProgramName = 'create-hardened-mcp' | 'hardened-mcp';

/** A command: its flags arrive as commander read them, arguments among them. */
export type RunCommand = (context: CommandContext, flags: unknown) => Promise<CommandOutcome>;

/** Runs what the command line named. `run` loads the command's code. */
export type Execute = (command: Command, run: RunCommand) => Promise<void>;

export interface ProgramOptions {
  readonly name: ProgramName;
  readonly version: string;
  readonly execute: Execute;
}

export function buildProgram({ name, version, execute }: ProgramOptions): Command {
  const program = new Command(name).version(version, '--version', 'print the version').exitOverride();
  program.configureHelp({ showGlobalOptions: true });
  if (name === 'create-hardened-mcp') return addGlobalOptions(defineCreate(program, execute));

  addGlobalOptions(program)
    .description('Turns one declarative tool manifest into a hardened, typed MCP server project.')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      examples('npm create hardened-mcp@latest my-server', 'npx hardened-mcp generate', 'npx hardened-mcp check'),
    );
  defineCreate(program.command('create'), execute);
  defineGenerate(program.command('generate'), execute);
  defineCheck(program.command('check'), execute);
  defineExplain(program.command('explain'), execute);
  return program;
}

function addGlobalOptions(command: Command): Command {
  return command
    .option('--manifest <file>', 'the manifest (default: hardened-mcp.yaml, .yml or .json); create copies it')
    .option('--cwd <dir>', 'run as if started there')
    .option('--json', 'print one JSON document on stdout, and everything else on stderr')
    .option('--quiet', 'print problems and findings only')
    .option('--no-color', 'no colours (so does the variable NO_COLOR)')
    .option('--debug', 'print the stack of an internal error');
}

function defineCreate(command: Command, execute: Execute): Command {
  const as = command.name() === 'create' ? 'hardened-mcp create' : command.name();
  return command
    .description('Makes a new project: writes it, installs, runs its tests, commits. Asks what the flags leave open.')
    .argument('[dir]', 'where to; made if missing, refused unless empty')
    .option('--name <name>', "the server's name; by default the directory's")
    .addOption(
      new Option(
        '--example <name>',
        'start from an example; with neither this nor --manifest, from "minimal"',
      ).conflicts('manifest'),
    )
    .option('--list-examples', 'print the examples')
    .addOption(
      new Option('--transport <transport...>', 'how clients connect; by default as the manifest says').choices([
        'stdio',
        'http',
      ]),
    )
    .addOption(
      new Option('--package-manager <name>', 'by default the one that runs this').choices([
        'npm',
        'pnpm',
        'yarn',
        'bun',
      ]),
    )
    .option('--generator <npm spec>', 'where the project gets this generator from; by default this version')
    .option('--no-install', 'install nothing, and so run no tests')
    .option('--no-git', 'no repository and no first commit')
    .option('--yes', 'ask nothing')
    .addHelpText(
      'after',
      examples(
        as,
        `${as} billing --example billing --yes`,
        `${as} crm --manifest ../crm.yaml --transport stdio http --package-manager pnpm`,
      ),
    )
    .action(() => execute(command, async (...given) => (await import('../commands/create.ts')).runCreate(...given)));
}

function defineGenerate(command: Command, execute: Execute): Command {
  return command
    .description("Brings the project's generated files in line with its manifest. Never touches files that are yours.")
    .option('--dry-run', 'print what would change, and write nothing')
    .option('--force', 'overwrite generated files that were edited by hand')
    .addOption(new Option('--watch', 'generate again whenever the manifest changes').conflicts('json'))
    .addHelpText(
      'after',
      examples('hardened-mcp generate', 'hardened-mcp generate --dry-run', 'hardened-mcp generate --watch'),
    )
    .action(() =>
      execute(command, async (...given) => (await import('../commands/generate.ts')).runGenerate(...given)),
    );
}

function defineCheck(command: Command, execute: Execute): Command {
  return command
    .description(
      'Tells whether the generated files are what the manifest says. Writes nothing; exits 1 if they are not.',
    )
    .addOption(
      new Option('--format <format>', 'how to print it: text, unless said; github: as annotations').choices([
        'text',
        'json',
        'github',
      ]),
    )
    .addHelpText(
      'after',
      examples('hardened-mcp check', 'hardened-mcp check --format github', 'hardened-mcp check --json'),
    )
    .action(() => execute(command, async (...given) => (await import('../commands/check.ts')).runCheck(...given)));
}

function defineExplain(command: Command, execute: Execute): Command {
  return command
    .description(
      'Says what a diagnostic or an error of a generated server means, and what to do. Without a code: lists all.',
    )
    .argument('[code]', 'for instance key-optional, or OUTCOME_UNKNOWN')
    .addHelpText('after', examples('hardened-mcp explain key-optional', 'hardened-mcp explain OUTCOME_UNKNOWN'))
    .action(() => execute(command, async (...given) => (await import('../commands/explain.ts')).runExplain(...given)));
}

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}

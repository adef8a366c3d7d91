import { type CommandLine, installCommand, type PackageManager, scriptCommand } from '../../render/package-manager.ts';
/** Installs a new project and runs its own checks. */
import { CannotRun } from '../cannot-run.ts';
import type { Terminal } from '../terminal.ts';
import { CommandFailed, runCommand, type RunOptions } from './run-command.ts';

interface InProject extends RunOptions {
  readonly terminal: Terminal;
}

/** Fails before anything is written where the package manager is not there. */
export async function requireProgram(manager: PackageManager, { cwd, interrupted }: RunOptions): Promise<void> {
  try {
    await runCommand([manager, '--version'], { cwd, interrupted });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new CannotRun(`${error.message} Install ${manager}, choose another --package-manager, or add --no-install.`);
  }
}

/** What these would say is not shown anyway, and takes npm a request. */
const NPM_QUIET = ['--no-audit', '--no-fund'];

export async function installProject(manager: PackageManager, options: InProject): Promise<void> {
  const line: CommandLine = [...installCommand(manager), ...(manager === 'npm' ? NPM_QUIET : [])];
  try {
    await options.terminal.step(`Install with ${manager}`, () => runCommand(line, options));
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const advice = 'Nothing was left behind. Try again, or add --no-install to get the project without its packages.';
    throw new CannotRun(`${error.output}\n\n${error.message} ${advice}`);
  }
}

/** Gives the first of the project's own checks that fails. */
export async function verifyProject(manager: PackageManager, options: InProject): Promise<CommandFailed | undefined> {
  const check = (title: string, script: string) =>
    options.terminal.step(title, () => runCommand(scriptCommand(manager, script), options));
  try {
    await check('Check its types', 'typecheck');
    await check('Run its tests', 'test');
    return undefined;
  } catch (error) {
    if (error instanceof CommandFailed) return error;
    throw error;
  }
}

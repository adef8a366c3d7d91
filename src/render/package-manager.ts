/** The package managers that a project can be installed with, and their commands. */

export const PACKAGE_MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

/** A program and its arguments; never a shell line. */
export type CommandLine = readonly [program: string, ...args: string[]];

/**
 * The package manager that runs this process, which says so in `npm_config_user_agent`, for instance
 * `pnpm/10.2.0 npm/? node/v24.1.0 linux x64`. npm where none does.
 */
export function invokingPackageManager(userAgent: string | undefined): PackageManager {
  const [name] = (userAgent ?? '').split('/');
  return PACKAGE_MANAGERS.find((manager) => manager === name) ?? 'npm';
}

/** Installs what package.json names. */
export function installCommand(manager: PackageManager): CommandLine {
  return [manager, 'install'];
}

/** Installs exactly what the lockfile names, or fails. */
export function cleanInstallCommand(manager: PackageManager): CommandLine {
  const commands: Record<PackageManager, CommandLine> = {
    npm: ['npm', 'ci'],
    pnpm: ['pnpm', 'install', '--frozen-lockfile'],
    yarn: ['yarn', 'install', '--immutable'],
    bun: ['bun', 'install', '--frozen-lockfile'],
  };
  return commands[manager];
}

/** Adds packages, as `name@version`, in exactly that version. */
export function addCommand(manager: PackageManager, packages: readonly string[]): CommandLine {
  const commands: Record<PackageManager, CommandLine> = {
    npm: ['npm', 'install', '--save-exact'],
    pnpm: ['pnpm', 'add', '--save-exact'],
    yarn: ['yarn', 'add', '--exact'],
    bun: ['bun', 'add', '--exact'],
  };
  return [...commands[manager], ...packages];
}

/** Runs a script of package.json. Always with `run`, except where npm has a word of its own: `bun test` is another thing. */
export function scriptCommand(manager: PackageManager, script: string, ...args: string[]): CommandLine {
  if (manager !== 'npm') return [manager, 'run', script, ...args];
  const run = script === 'test' || script === 'start' ? [script] : ['run', script];
  return ['npm', ...run, ...(args.length === 0 ? [] : ['--', ...args])];
}

/** Runs `hardened-mcp` as the project has it. */
export function generatorCommand(manager: PackageManager, ...args: string[]): CommandLine {
  const runner: Record<PackageManager, CommandLine> = {
    npm: ['npx'],
    pnpm: ['pnpm', 'exec'],
    yarn: ['yarn', 'run'],
    bun: ['bunx'],
  };
  return [...runner[manager], 'hardened-mcp', ...args];
}

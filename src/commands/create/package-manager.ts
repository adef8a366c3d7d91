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
  return manager === 'npm' ? ['npm', 'install', '--no-audit', '--no-fund'] : [manager, 'install'];
}

/** Runs a script of package.json. */
export function scriptCommand(manager: PackageManager, script: string): CommandLine {
  return [manager, 'run', script];
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

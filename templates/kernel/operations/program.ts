/** How people call this command, so that what is printed can be copied. */
import { relative } from 'node:path';

/**
 * By the script of package.json where a package manager runs it, which says so in `npm_config_user_agent`, for
 * instance `pnpm/10.2.0 npm/? node/v24.1.0 linux x64`.
 */
export function programName(userAgent: string | undefined, script: string): string {
  const [manager = ''] = (userAgent ?? '').split('/');
  if (manager === 'npm') return 'npm run operations --';
  if (['pnpm', 'yarn', 'bun'].includes(manager)) return `${manager} run operations`;
  return `node ${relative('', script)}`;
}

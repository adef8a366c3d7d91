/** In whose words hints are given. */
import process from 'node:process';

import { invokingPackageManager, type PackageManager } from '../render/package-manager.ts';

export function currentPackageManager(): PackageManager {
  return invokingPackageManager(process.env['npm_config_user_agent']);
}

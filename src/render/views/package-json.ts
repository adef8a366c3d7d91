/** For `package.json.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import type { RenderContext } from '../context.ts';
import { hardenedArguments } from '../hardened-run.ts';
import { hasCommandLine } from '../kernel.ts';
import { DEVELOPMENT_VERSIONS, NODE_RANGE, TYPES_VERSIONS } from '../versions.ts';

export interface PackageJsonView {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly node: string;
  /** There is a command line for people. */
  readonly operations: boolean;
  /** `verify-audit` looks into the store. */
  readonly keepsAudit: boolean;
  readonly startHardened: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function packageJsonView(model: ProjectModel, context: RenderContext): PackageJsonView {
  const { name, version, title, description } = model.server;
  const types = Object.keys(context.dependencies).map((dependency) => TYPES_VERSIONS[dependency]);
  return {
    name,
    version,
    description: description ?? title ?? `The MCP server ${name}`,
    node: NODE_RANGE,
    operations: hasCommandLine(model),
    keepsAudit: model.audit !== undefined,
    startHardened: ['node', '--env-file-if-exists=.env', ...hardenedArguments()].join(' '),
    dependencies: context.dependencies,
    devDependencies: sortByName(
      Object.assign({ ...DEVELOPMENT_VERSIONS, 'create-hardened-mcp': context.generator }, ...types),
    ),
  };
}

function sortByName(versions: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** For `Dockerfile.hbs`. */
import type { ProjectModel } from '../../model/project.ts';
import type { RenderContext } from '../context.ts';
import { hardenedArguments } from '../hardened-run.ts';
import type { PackageManager } from '../package-manager.ts';
import { IMAGE_NODE, PACKAGE_MANAGER_VERSIONS as VERSIONS } from '../versions.ts';
import { runView } from './run.ts';

export interface DockerfileView {
  readonly node: string;
  /** Files that say what is installed. */
  readonly lock: string;
  /** Instructions that bring the package manager. */
  readonly manager: readonly string[];
  readonly install: string;
  readonly installProduction: string;
  readonly build: string;
  /** Callers who sign in may come from anywhere; any others only from the machine itself, which a container is not. */
  readonly http: boolean;
  readonly entryPoint: readonly string[];
  readonly healthCheck: readonly string[];
}

const NODE = '/usr/local/bin/node';
/** Where secrets are mounted that come as files. */
const SECRETS = '/run/secrets';

export function dockerfileView(model: ProjectModel, { packageManager }: RenderContext): DockerfileView {
  return {
    node: IMAGE_NODE,
    ...INSTALLS[packageManager],
    build: runView(packageManager).build,
    http: servesNetwork(model),
    entryPoint: [NODE, `--allow-fs-read=${SECRETS}`, ...hardenedArguments()],
    healthCheck: [NODE, '--eval', HEALTH_CHECK],
  };
}

/** Whether a container of it can be called over HTTP. */
export function servesNetwork({ server, auth }: ProjectModel): boolean {
  return server.transports.includes('http') && auth !== undefined;
}

/** Of `process.env` and not of the shell's, which the image does not have. */
const HEALTH_CHECK =
  "fetch('http://127.0.0.1:' + (process.env.MCP_HTTP_PORT ?? 3000) + '/healthz')" +
  '.then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))';

type Install = Pick<DockerfileView, 'lock' | 'manager' | 'install' | 'installProduction'>;

/** No script of a package runs, in any of them. */
const INSTALLS: Readonly<Record<PackageManager, Install>> = {
  npm: {
    lock: 'package.json package-lock.json',
    manager: [],
    install: 'npm ci --ignore-scripts',
    installProduction: 'npm ci --omit=dev --ignore-scripts',
  },
  pnpm: {
    lock: 'package.json pnpm-lock.yaml',
    manager: [`RUN corepack enable && corepack prepare pnpm@${VERSIONS.pnpm} --activate`],
    install: 'pnpm install --frozen-lockfile --ignore-scripts',
    installProduction: 'pnpm install --frozen-lockfile --prod --ignore-scripts',
  },
  yarn: {
    lock: 'package.json yarn.lock .yarnrc.yml',
    manager: [
      'ENV YARN_ENABLE_SCRIPTS=false',
      `RUN corepack enable && corepack prepare yarn@${VERSIONS.yarn} --activate`,
    ],
    install: 'yarn install --immutable',
    installProduction: 'yarn workspaces focus --all --production',
  },
  bun: {
    lock: 'package.json bun.lock',
    manager: [`COPY --from=oven/bun:${VERSIONS.bun}-slim /usr/local/bin/bun /usr/local/bin/bun`],
    install: 'bun install --frozen-lockfile --ignore-scripts',
    installProduction: 'bun install --frozen-lockfile --production --ignore-scripts',
  },
};

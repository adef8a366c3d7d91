/** The files that a project has once: rows of the table in `files.ts`. */
import type { ProjectModel } from '../model/project.ts';
import type { ProjectRow } from './files.ts';
import { hasCommandLine } from './kernel.ts';
import { ciView } from './views/ci.ts';
import { dockerfileView } from './views/dockerfile.ts';
import { handlersView } from './views/handlers.ts';
import { packageJsonView } from './views/package-json.ts';
import { agentsView, readmeView } from './views/readme.ts';
import { securityView } from './views/security.ts';
import { serverView } from './views/server.ts';
import { settingsView } from './views/settings.ts';
import { upstreamsView } from './views/upstreams.ts';

const hasStdio = (model: ProjectModel): boolean => model.server.transports.includes('stdio');
const hasUpstreams = (model: ProjectModel): boolean => model.upstreams.length > 0;
const hasHandlers = (model: ProjectModel): boolean => model.tools.some((tool) => tool.kind === 'handler');

/** The path is the source's; `_gitignore`, which npm would leave out of a package, is the one exception. */
function verbatim(path: string, source = path, when?: ProjectRow['when']): ProjectRow {
  return { each: 'project', path, source, owner: 'you', ...(when && { when }) };
}

export const projectRows: readonly ProjectRow[] = [
  verbatim('.dockerignore'),
  verbatim('.gitattributes'),
  verbatim('.gitignore', '_gitignore'),
  verbatim('.yarnrc.yml', '.yarnrc.yml', (_, { packageManager }) => packageManager === 'yarn'),
  verbatim('src/index.ts'),
  { each: 'project', path: 'src/operations.ts', source: 'src/operations.ts', owner: 'generated', when: hasCommandLine },
  {
    each: 'project',
    path: 'src/verify-audit.ts',
    source: 'src/verify-audit.ts',
    owner: 'generated',
    when: (model) => model.audit === undefined,
  },
  {
    each: 'project',
    path: 'src/verify-audit.ts',
    source: 'src/verify-audit.store.ts',
    owner: 'generated',
    when: (model) => model.audit !== undefined,
  },
  verbatim('tsconfig.build.json'),
  verbatim('tsconfig.json'),
  verbatim('vitest.config.ts'),
  verbatim('compose.yaml', 'compose.postgres.yaml', (model) => model.store === 'postgres'),
  verbatim('compose.yaml', 'compose.redis.yaml', (model) => model.store === 'redis'),
  {
    each: 'project',
    path: '.github/workflows/ci.yml',
    source: '.github/workflows/ci.yml.hbs',
    owner: 'you',
    view: ciView,
  },
  { each: 'project', path: 'Dockerfile', source: 'Dockerfile.hbs', owner: 'you', view: dockerfileView },
  { each: 'project', path: '.env.example', source: '.env.example.hbs', owner: 'you', view: settingsView },
  { each: 'project', path: '.mcp.json', source: '.mcp.json.hbs', owner: 'you', when: hasStdio, view: settingsView },
  { each: 'project', path: 'README.md', source: 'README.md.hbs', owner: 'you', view: readmeView },
  { each: 'project', path: 'package.json', source: 'package.json.hbs', owner: 'you', view: packageJsonView },
  { each: 'project', path: 'AGENTS.md', source: 'AGENTS.md.hbs', owner: 'generated', view: agentsView },
  { each: 'project', path: 'SECURITY.md', source: 'SECURITY.md.hbs', owner: 'generated', view: securityView },
  {
    each: 'project',
    path: 'src/generated/handlers.ts',
    source: 'src/generated/handlers.ts.hbs',
    owner: 'generated',
    when: hasHandlers,
    view: handlersView,
  },
  {
    each: 'project',
    path: 'src/generated/server.ts',
    source: 'src/generated/server.ts.hbs',
    owner: 'generated',
    view: serverView,
  },
  {
    each: 'project',
    path: 'src/generated/upstreams.ts',
    source: 'src/generated/upstreams.ts.hbs',
    owner: 'generated',
    when: hasUpstreams,
    view: upstreamsView,
  },
];

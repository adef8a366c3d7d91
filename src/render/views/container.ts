/** What README.md says of the image that `Dockerfile` makes: lines for a shell. */
import type { ProjectModel } from '../../model/project.ts';
import { servesNetwork } from './dockerfile.ts';

export interface ContainerView {
  readonly build: string;
  readonly run: readonly { readonly command: string; readonly about: string }[];
}

const LEAST = '--read-only --cap-drop=ALL --security-opt=no-new-privileges --pids-limit=64 --memory=512m';

export function containerView(model: ProjectModel): ContainerView {
  const { name, transports } = model.server;
  const data = `--env-file .env --volume ${name}-data:/app/data`;
  const [stdio, http] = [transports.includes('stdio'), transports.includes('http')];
  const run = (flags: string, args: string): string => `docker run --rm ${flags} ${LEAST} \\\n  ${data} ${name}${args}`;
  const network = servesNetwork(model);
  return {
    build: `docker build --tag ${name} .`,
    run: [
      ...(network ? [{ command: run('--publish=127.0.0.1:3000:3000', ''), about: 'Streamable HTTP' }] : []),
      ...(stdio
        ? [{ command: run('--interactive', network ? ' --transport stdio' : ''), about: 'MCP over stdio' }]
        : []),
      ...(http && !network && !stdio
        ? [{ command: run('--network=host', ' --transport http --insecure-local'), about: 'for this machine alone' }]
        : []),
    ],
  };
}

/** The files that upstreams have: rows of the table in `files.ts`. */
import type { FileRow } from './files.ts';
import { credentialView, hasProvider } from './views/credential.ts';

export const upstreamRows: readonly FileRow[] = [
  {
    each: 'upstream',
    path: ({ name }) => `src/credentials/${name}.ts`,
    source: 'src/credentials/credential.ts.hbs',
    owner: 'you',
    needed: true,
    when: hasProvider,
    view: credentialView,
  },
];

/** What later stages find: the project on disk, and what cannot be made from a valid manifest. */
import { entry } from './entry.ts';
import { list, quote } from './words.ts';

export const PROJECT = {
  'sample-not-found': entry<{ readonly tool: string; readonly where: string }>({
    severity: 'error',
    stage: 'project',
    message: ({ tool, where }) => `No valid sample could be made for ${where} of ${quote(tool)}.`,
    why: 'The generated tests call every tool with arguments that its schema accepts.',
    fix: () => 'Add "examples" with a valid value to the schema.',
    example: "invoice_id: { type: string, pattern: '^inv_[a-z0-9]{8,24}$', examples: [inv_4821abcd] }",
  }),
  'manifest-not-found': entry<{ readonly looked: readonly string[] }>({
    severity: 'error',
    stage: 'project',
    message: ({ looked }) => `There is no manifest here: looked for ${list(looked)}.`,
    why: 'Everything is generated from the manifest.',
    fix: () => 'Go to the project, name the file with --manifest, or start with create-hardened-mcp.',
    example: 'npm create hardened-mcp@latest my-server',
  }),
  'directory-not-empty': entry<{ readonly directory: string; readonly entries: readonly string[] }>({
    severity: 'error',
    stage: 'project',
    message: ({ directory, entries }) => `${quote(directory)} is not empty: it holds ${list(entries, 'and')}.`,
    why: 'A new project must not mix with files that are already there.',
    fix: () => 'Choose another directory, or move those files away.',
    example: 'create-hardened-mcp create my-server',
  }),
  'file-edited': entry<{ readonly path: string }>({
    severity: 'error',
    stage: 'project',
    message: ({ path }) => `${quote(path)} was edited by hand, but belongs to the generator.`,
    why: 'The edit would be lost.',
    fix: () => 'Move the change to the manifest or to a file of your own, or overwrite it with --force.',
    example: 'hardened-mcp generate --force',
  }),
  'file-in-the-way': entry<{ readonly path: string }>({
    severity: 'error',
    stage: 'project',
    message: ({ path }) => `${quote(path)} is in the way: the generator did not write it.`,
    why: 'A file that you own is never overwritten.',
    fix: () => 'Move it, or overwrite it with --force.',
    example: 'hardened-mcp generate --force',
  }),
  'path-outside-root': entry<{ readonly path: string }>({
    severity: 'error',
    stage: 'project',
    message: ({ path }) => `${quote(path)} lies outside the project.`,
    why: 'The generator writes inside the project only, through no symbolic link that leads out of it.',
    fix: () => 'Replace the link by a real directory.',
    example: 'src/generated/',
  }),
  'lock-unreadable': entry<{ readonly path: string; readonly reason: string }>({
    severity: 'error',
    stage: 'project',
    message: ({ path, reason }) => `${quote(path)} cannot be read: ${reason}.`,
    why: 'Without it the generator cannot tell its files from yours.',
    fix: () => 'Restore it from version control.',
    example: 'git checkout -- .hardened-mcp/lock.json',
  }),
};

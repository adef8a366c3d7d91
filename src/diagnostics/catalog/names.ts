/** Names of tools. */
import { entry } from './entry.ts';
import { quote } from './words.ts';

export const NAMES = {
  'tool-name-invalid': entry<{ readonly name: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ name }) => `${quote(name)} is no tool name that MCP allows.`,
    why: 'Clients refuse or mangle other names, and files and identifiers are derived from them.',
    fix: () => 'Use 1 to 64 of the letters A-Z and a-z, digits, underscore, dot and dash.',
    example: '- name: get_invoice',
  }),
  'tool-name-duplicate': entry<{ readonly name: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ name }) => `There are two tools named ${quote(name)}.`,
    why: 'A call could mean either of them.',
    fix: () => 'Rename or remove one.',
    example: '- name: get_invoice\n- name: list_invoices',
  }),
  'tool-name-collision': entry<{ readonly name: string; readonly other: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ name, other }) => `${quote(name)} and ${quote(other)} are too alike.`,
    why: 'Both would have the same file or identifier, on file systems that ignore case at the latest.',
    fix: () => 'Give one of them a name that differs in more than case, underscores, dots and dashes.',
    example: '- name: get_user\n- name: get_user_by_email',
  }),
  'tool-name-reserved': entry<{ readonly name: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ name }) => `The name ${quote(name)} is taken.`,
    why: 'Every generated server that writes has a tool of that name, by which a caller learns what became of a call.',
    fix: () => 'Choose another name.',
    example: '- name: get_refund_status',
  }),
};

/** Handlebars as this generator uses it: no HTML, strict, and only the helpers that make a value safe. */
import Handlebars from 'handlebars';

import { codeSpan, docComment, inline, markdown } from './comment.ts';
import { literal, type Printable } from './literal.ts';

export type Template = (view: object) => string;

const HELPERS = {
  /** A value as TypeScript. */
  literal: (value: Printable) => literal(value),
  /** A value as JSON. */
  json: (value: unknown) => JSON.stringify(value),
  /** Text as a doc comment. */
  docComment: (text: string) => docComment(text),
  /** Text for the rest of a line, in a comment or a settings file. */
  inline: (text: string) => inline(text),
  /** A code span of Markdown. */
  codeSpan: (text: string) => codeSpan(text),
  /** Text for Markdown. */
  markdown: (text: string) => markdown(text),
} as const;

export const HELPER_NAMES: readonly string[] = Object.keys(HELPERS);

const handlebars = Handlebars.create();
for (const name of Object.keys(handlebars.helpers)) {
  if (!['if', 'unless', 'each'].includes(name)) handlebars.unregisterHelper(name);
}
handlebars.registerHelper(HELPERS);

/** Compiles the text of a template; a value that the view lacks throws when the template is filled in. */
export function compileTemplate(source: string): Template {
  return handlebars.compile<object>(source, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(HELPER_NAMES.map((name) => [name, true])),
  });
}

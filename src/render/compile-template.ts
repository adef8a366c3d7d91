/** Compiles templates, for the build and for whoever runs this from its sources. */
import Handlebars from 'handlebars';

import { HELPER_NAMES } from './handlebars.ts';

/** A JavaScript expression for a `CompiledTemplate`. Throws where the text is no template, or names another helper. */
export function compileTemplate(text: string): string {
  const compiled = Handlebars.precompile(text, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(HELPER_NAMES.map((name) => [name, true])),
  });
  // It is text, although its declared type says otherwise.
  return String(compiled);
}

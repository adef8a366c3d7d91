#!/usr/bin/env node
import module from 'node:module';

import './node-version.js';

// Keeps compiled code in the system's temporary directory, so that the next start is quicker.
module.enableCompileCache?.();

import('../dist/cli.js').then(({ main }) => main('create-hardened-mcp'));

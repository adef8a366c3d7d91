#!/usr/bin/env node
import './node-version.js';

import('../dist/cli.js').then(({ main }) => main('hardened-mcp'));

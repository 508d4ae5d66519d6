#!/usr/bin/env node
// `kubectl blastgate …`: the command line under the name by which kubectl finds plugins.
process.env['BLASTGATE_CALLED_AS'] = 'kubectl blastgate';
await import('./blastgate.js');

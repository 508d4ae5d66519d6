#!/usr/bin/env node
// Completion of `kubectl blastgate …`: kubectl runs it with the words so far and reads what fits (kubernetes/kubectl, plugin_completion.go).
process.env['BLASTGATE_CALLED_AS'] = 'kubectl blastgate';
process.argv.splice(2, 0, '__complete');
await import('./blastgate.js');

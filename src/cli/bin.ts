#!/usr/bin/env node
import { compileLater } from './compiling.ts';
import { main } from './main.ts';
import { nodeIo } from './node-io.ts';

// Who stays for days has the time.
if (process.argv[2] !== 'speaker') compileLater();
process.exitCode = await main(process.argv.slice(2), nodeIo(), Boolean(process.env['FABRICGEN_DEBUG']));

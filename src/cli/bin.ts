#!/usr/bin/env node
import { compileLater } from './compiling.ts';
import { main } from './main.ts';
import { nodeIo } from './node-io.ts';

compileLater();
process.exitCode = await main(process.argv.slice(2), nodeIo(), Boolean(process.env['FABRICGEN_DEBUG']));

#!/usr/bin/env node
// What `npx n8n-nodes-stackkraft` runs.
import { runCommandLine } from './run';

runCommandLine(process.argv.slice(2), process.env);

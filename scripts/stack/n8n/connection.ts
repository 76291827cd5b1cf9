import { Agent } from 'undici';

/**
 * A connection of its own for each call. n8n closes one that stood idle for five seconds: a process that stood still
 * around that moment would send a call, say the creation of a workflow, into a connection that is gone, and nobody
 * could tell whether it arrived.
 */
export const n8nConnections = new Agent({ pipelining: 0 });

// Forwards the messages of a stream to a webhook. Nothing here knows of n8n's code, only of its answers.
export { startBridge, type Bridge } from './bridge';
export { serveHealth } from './health';
export type { BridgeSettings } from './settings';

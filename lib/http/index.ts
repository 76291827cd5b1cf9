export * from './authorized-send';
export * from './file-source';
export * from './multipart';
export * from './patient-send';
export * from './redact';
export * from './retry-after';
export * from './system-clock';
export * from './undici-client';

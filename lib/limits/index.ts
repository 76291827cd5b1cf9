export * from './learn';
export * from './reserve';
export * from './window';

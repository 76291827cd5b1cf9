export * from './choose-windows';
export * from './learn';
export * from './read-headers';
export * from './reserve';
export * from './window';
